import { expect, test } from '@jest/globals';
import { ServerTime } from '#kernel';
import { PermanentError } from '#outbox';
import { ManualClock } from '../kernel/testing/manual-clock.ts';
import { aRunningJob, PLAIN_POLICY, T0 } from '../outbox/testing/factories.ts';
import type { Email } from './email.ts';
import { createEmailHandler } from './email.ts';

const context = {
  time: new ServerTime(new ManualClock(), T0),
  signal: new AbortController().signal,
};

function aHandler() {
  const sent: Email[] = [];
  const send = async (email: Email): Promise<void> => {
    sent.push(email);
  };
  return { sent, handler: createEmailHandler({ send }, PLAIN_POLICY) };
}

test('an e-mail job is sent with its id as key and its attempt', async () => {
  const { sent, handler } = aHandler();
  const payload = { to: 'ben@example.test', subject: 'Hi', text: 'Hello' };
  const job = aRunningJob({ id: 'email:org1:e1:ben', recipientUid: 'ben', attempts: 3, payload });
  await handler.send(job, context);
  expect(sent).toEqual([
    { ...payload, idempotencyKey: 'email:org1:e1:ben', recipientUid: 'ben', attempt: 3 },
  ]);
});

test.each([undefined, {}, { to: 'ben@example.test' }, { to: 7, subject: 'Hi', text: '' }])(
  'an e-mail job that says %p is given up at once',
  async (payload) => {
    const { sent, handler } = aHandler();
    const sending = handler.send(aRunningJob({ payload }), context);
    await expect(sending).rejects.toBeInstanceOf(PermanentError);
    expect(sent).toEqual([]);
  },
);
