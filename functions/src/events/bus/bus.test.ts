import { describe, expect, test } from '@jest/globals';
import { ServerTime } from '#kernel';
import type { JobHandler, RunContext } from '#outbox';
import { DEFAULT_RETRY_POLICY, PermanentError, QUICK_RETRY_POLICY, UnroutableError } from '#outbox';
import { ManualClock } from '../../kernel/testing/manual-clock.ts';
import { aChild, aJob, NO_EFFECTS } from '../../outbox/testing/factories.ts';
import { EventUnreadableError } from '../catalog/event-unreadable-error.ts';
import type { DomainEvent } from '../event.ts';
import { aContent } from '../testing/an-event.ts';
import type { TestEvent } from '../testing/catalog.ts';
import { codedErrorOf, pathsOf } from '../testing/failure.ts';
import { MemoryDocuments } from '../testing/memory-documents.ts';
import { Bus } from './bus.ts';
import type { Delivery } from './subscription.ts';

const context: RunContext = {
  time: new ServerTime(new ManualClock(), 0),
  signal: new AbortController().signal,
};
const sink = { kind: 'external', onUnknownOutcome: 'retry', send: async () => {} } as const;

const batchSink = { kind: 'external', onUnknownOutcome: 'retry', maxBatchSize: 10 } as const;

const stored: DomainEvent = {
  ...aContent(),
  eventId: 'e1',
  jobTypes: ['mail'],
  contentHash: 'h',
  metadata: {
    correlationId: 'c1',
    sourceService: 'tests',
  },
};
const load = async (eventId: string) => (eventId === 'e1' ? stored : undefined);

function handlerOf(bus: Bus<TestEvent>): JobHandler {
  const [handler] = bus.handlers(load);
  if (handler === undefined) throw new Error('Nobody subscribed.');
  return handler;
}

function run(handler: JobHandler, eventId?: string): Promise<unknown> {
  const job = aJob({ eventId });
  if ('transact' in handler) {
    const { runTransaction } = new MemoryDocuments();
    return runTransaction('t', (transaction) => handler.transact(job, transaction, context));
  }
  if (handler.kind === 'transactional') return handler.handle(job, context);
  return 'sendBatch' in handler ? handler.sendBatch([job], context) : handler.send(job, context);
}

describe('the jobs of an event', () => {
  test('are one per subscription that names its type, each with its own number of runs', () => {
    const bus = new Bus<TestEvent>();
    bus.subscribe('*', { id: 'all', ...sink });
    bus.subscribe('invoice.*', { id: 'invoices', ...sink, policy: QUICK_RETRY_POLICY });
    bus.subscribe('note.added', { id: 'notes', ...sink });
    expect(bus.jobsFor('invoice.paid')).toEqual([
      { jobType: 'all', isOrdered: false, maxAttempts: DEFAULT_RETRY_POLICY.maxAttempts },
      {
        jobType: 'invoices',
        isOrdered: false,
        maxAttempts: QUICK_RETRY_POLICY.maxAttempts,
      },
    ]);
    expect(bus.jobsFor('note.added').map(({ jobType }) => jobType)).toEqual(['all', 'notes']);
  });

  test('are none where nobody subscribed', () => {
    expect(new Bus<TestEvent>().jobsFor('note.added')).toEqual([]);
  });
});

describe('a subscription’s id', () => {
  test('is taken once', async () => {
    const bus = new Bus<TestEvent>();
    bus.subscribe('*', { id: 'mail', ...sink });
    const error = await codedErrorOf(() => bus.subscribe('note.*', { id: 'mail', ...sink }));
    expect(error).toMatchObject({ code: 'invalid-setting' });
    expect(error.message).toBe('Two subscriptions have the id mail.');
  });

  test.each(['', 'Mail', 'mail:org', 'mail-out', 'a'.repeat(101)])('is not %p', async (id) => {
    const subscribe = () => new Bus<TestEvent>().subscribe('*', { id, ...sink });
    expect(await pathsOf(subscribe)).toEqual([id]);
  });
});

describe('a subscription as the engine runs it', () => {
  test('says its id, kind, policy and timeout', () => {
    const bus = new Bus<TestEvent>();
    bus.subscribe('*', { id: 'mail', ...sink, onUnknownOutcome: 'park', timeoutMs: 7 });
    expect(handlerOf(bus)).toMatchObject({
      kind: 'external',
      jobType: 'mail',
      onUnknownOutcome: 'park',
      timeoutMs: 7,
      policy: DEFAULT_RETRY_POLICY,
    });
  });

  test('is given the event of its job, the job and the run', async () => {
    const bus = new Bus<TestEvent>();
    const given: unknown[] = [];
    const send = async (...all: unknown[]) => void given.push(all);
    bus.subscribe('*', { id: 'mail', ...sink, send });
    await run(handlerOf(bus), 'e1');
    expect(given).toEqual([[stored, expect.objectContaining({ eventId: 'e1' }), context]]);
  });

  test('is given events together, without those whose event is missing', async () => {
    const bus = new Bus<TestEvent>();
    const sendBatch = async (deliveries: readonly Delivery<unknown>[]) =>
      Promise.allSettled(deliveries.map(({ job }) => Promise.reject(new Error(job.id))));
    bus.subscribe('*', { ...batchSink, id: 'feed', sendBatch });
    const handler = handlerOf(bus);
    if (!('sendBatch' in handler)) throw new Error('expected a batch handler');
    const [one, none, two] = ['e1', 'e2', 'e1'].map((eventId) => aJob({ eventId }));
    expect(await handler.sendBatch([one!, none!, two!], context)).toEqual([
      { status: 'rejected', reason: new Error(one!.id) },
      { status: 'rejected', reason: expect.any(PermanentError) },
      { status: 'rejected', reason: new Error(two!.id) },
    ]);
  });

  test('that answers too few outcomes for a batch is not understood', async () => {
    const bus = new Bus<TestEvent>();
    bus.subscribe('*', { ...batchSink, id: 'feed', sendBatch: async () => [] });
    expect(await run(handlerOf(bus), 'e1')).toEqual([]);
  });

  test('answers with its effects where it is transactional', async () => {
    const bus = new Bus<TestEvent>();
    bus.subscribe('*', { id: 'notif', kind: 'transactional', handle: async () => NO_EFFECTS });
    expect(await run(handlerOf(bus), 'e1')).toBe(NO_EFFECTS);
  });

  test('is given its settling transaction where it reads what it changes', async () => {
    const bus = new Bus<TestEvent>();
    const given: unknown[] = [];
    bus.subscribe('*', {
      id: 'model',
      kind: 'transactional',
      transact: async (event, { token }, job) => {
        given.push(event, token, job.eventId);
        return [aChild()];
      },
    });
    expect(await run(handlerOf(bus), 'e1')).toEqual([aChild()]);
    expect(given).toEqual([stored, 't', 'e1']);
  });

  test.each(['e2', undefined])('fails for good where event %p is missing', async (eventId) => {
    const bus = new Bus<TestEvent>();
    bus.subscribe('*', { id: 'mail', ...sink });
    const failure = run(handlerOf(bus), eventId);
    await expect(failure).rejects.toBeInstanceOf(PermanentError);
    await expect(failure).rejects.toMatchObject({ code: 'event-missing' });
  });

  test.each([
    ['is looked at again', 'may be known to newer code', true, UnroutableError],
    ['is a dead letter', 'cannot be upcast', false, PermanentError],
  ])('%s where its event %s', async (_, __, isUnknown, kind) => {
    const bus = new Bus<TestEvent>();
    bus.subscribe('*', { id: 'mail', ...sink });
    const unreadable = new EventUnreadableError(isUnknown, 'note.added', [
      { path: 'payload.text', message: 'expected a text' },
    ]);
    const failure = run(bus.handlers(() => Promise.reject(unreadable))[0]!, 'e1');
    await expect(failure).rejects.toBeInstanceOf(kind);
    await expect(failure).rejects.toMatchObject({
      code: 'event-unreadable',
      message: 'note.added cannot be read: payload.text: expected a text',
    });
  });

  test('hands on a failure to load the event, which may be over the next time', async () => {
    const bus = new Bus<TestEvent>();
    bus.subscribe('*', { id: 'mail', ...sink });
    const [handler] = bus.handlers(() => Promise.reject(new Error('unavailable')));
    await expect(run(handler!, 'e1')).rejects.toThrow('unavailable');
  });
});
