// The examples of docs/how-to/test-a-handler-without-an-emulator.md, which quotes them word for word.
import { expect, test } from '@jest/globals';
import { MINUTE_MS } from '#kernel';
import type { DomainEvent } from '#events';
import { Bus } from '#events';
import type { EmailSender } from '#notifications';
import { createEmailHandler } from '#notifications';
import { DEFAULT_RETRY_POLICY } from '#outbox';
import { openMemoryOutbox } from '#outbox/memory';
import type { AnyEvent } from './catalog.ts';

const payload = { to: 'ada@example.test', subject: 'Hi', text: 'Hello' };

/** A provider that fails as often as it is told, and notes what it was given. */
function aProvider({ failures = 0 } = {}) {
  const keys: string[] = [];
  const send: EmailSender['send'] = async ({ idempotencyKey }) => {
    keys.push(idempotencyKey);
    if (keys.length <= failures) throw new Error('busy');
  };
  return { keys, handler: createEmailHandler({ send }, DEFAULT_RETRY_POLICY) };
}

test('an e-mail that fails is sent a minute later', async () => {
  const { keys, handler } = aProvider({ failures: 1 });
  const outbox = openMemoryOutbox({ handlers: [handler] });
  const id = outbox.record({ jobType: 'email', payload });
  await outbox.tick();
  expect(outbox.job(id)).toMatchObject({ status: 'pending', lastError: { message: 'busy' } });
  outbox.later(MINUTE_MS);
  await outbox.tick();
  expect(outbox.job(id).status).toBe('sent');
  expect(keys).toEqual([id, id]);
});

test('a comment is put on the board, once', async () => {
  const bus = new Bus<AnyEvent>();
  bus.subscribe('comment.added', {
    id: 'comment_board',
    kind: 'transactional',
    handle: async ({ orgId, eventId, payload: { body } }) => ({
      writes: [{ kind: 'create', path: `comment_board/${eventId}`, data: { orgId, body } }],
      jobs: [],
    }),
  });
  const event = {
    eventId: 'event1',
    orgId: 'org1',
    eventType: 'comment.added',
    payload: { body: 'Hello', matterId: 'matter1' },
  } as DomainEvent;
  const outbox = openMemoryOutbox({ handlers: bus.handlers(async () => event) });
  const id = outbox.record({ jobType: 'comment_board', eventId: 'event1' });
  await outbox.trigger(id);
  await outbox.tick();
  expect(outbox.read('comment_board/event1')).toEqual({ orgId: 'org1', body: 'Hello' });
  expect(outbox.job(id)).toMatchObject({ status: 'sent', runs: 1 });
});

test('a crash after the provider took it sends it again, under the same key', async () => {
  const { keys, handler } = aProvider();
  const outbox = openMemoryOutbox({ handlers: [handler] });
  const id = outbox.record({ jobType: 'email', payload });
  await outbox.tickThatDies();
  outbox.later(MINUTE_MS); // its lease ends
  await outbox.tick();
  expect(keys).toEqual([id, id]);
  expect(outbox.job(id)).toMatchObject({ status: 'sent', attempts: 1, runs: 2 });
});

test('a provider that hangs is given up after 20 s, and told so', async () => {
  const signals: AbortSignal[] = [];
  const send: EmailSender['send'] = (_, signal) => {
    signals.push(signal);
    return new Promise(() => {});
  };
  const outbox = openMemoryOutbox({
    handlers: [createEmailHandler({ send }, DEFAULT_RETRY_POLICY)],
  });
  const id = outbox.record({ jobType: 'email', payload });
  await outbox.tick({ handlersTakeMs: 20_000 });
  expect(signals[0]?.aborted).toBe(true);
  expect(outbox.job(id).lastError?.code).toBe('timeout');
});
