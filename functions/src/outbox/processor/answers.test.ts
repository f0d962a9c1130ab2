import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { MemoryOutbox } from '../memory/memory-outbox.ts';
import { openMemoryOutbox } from '../memory/memory-outbox.ts';
import type { BatchHandler, Effects, JobHandler, NewJob } from '../model/handler.ts';
import type { OutboxJob } from '../model/job.ts';
import { aChild, aSink, aWriter, PLAIN_POLICY } from '../testing/factories.ts';

const MINUTE_MS = 60_000;

/** Runs one job whose handler answers this, whatever it is. */
async function answering(effects: unknown, ...others: readonly JobHandler[]) {
  const handle = () => Promise.resolve(effects as Effects);
  const outbox = openMemoryOutbox({ handlers: [aWriter({ handle }), ...others] });
  const id = outbox.record({ jobType: 'notif' });
  await outbox.tick();
  return { outbox, job: outbox.job(id) };
}

describe('what a handler answers that is no effect', () => {
  test.each([
    ['nothing of either', {}],
    ['no jobs', { writes: [] }],
    ['a job without an id', { writes: [], jobs: [aChild({ causeId: '' })] }],
    ['a job in another collection', { writes: [], jobs: [aChild({ recipientUid: 'a/b/c' })] }],
    ['a row of the outbox', { writes: [{ kind: 'delete', path: 'outbox/any' }], jobs: [] }],
  ])('is a failed attempt, and nothing is written: %s', async (_, effects) => {
    const { outbox, job } = await answering(effects);
    expect(job).toMatchObject({ status: 'pending', attempts: 1, crashes: 0 });
    expect(job.lastError?.message).not.toBe('');
    expect(outbox.documents.list('outbox')).toHaveLength(1);
  });

  test('keeps no room that it was given', async () => {
    const bad = { writes: [], jobs: [aChild(), aChild({ orgId: 'a b' })] };
    const sent: string[] = [];
    const send = async ({ id }: OutboxJob) => void sent.push(id);
    const handle = () => Promise.resolve(bad as Effects);
    const outbox = openMemoryOutbox({
      handlers: [aWriter({ handle }), aSink({ send })],
      settings: { concurrency: 2 },
    });
    for (let n = 0; n < 6; n += 1) outbox.record({ jobType: 'notif' });
    for (let n = 0; n < 6; n += 1) outbox.record({ jobType: 'mail' });
    await outbox.tick();
    expect(sent).toHaveLength(6);
  });
});

test('children that stand in a line are run in its order, and not before those in front', async () => {
  const sent: string[] = [];
  const place = (sequence: number) => ({ orderingKey: 'mail:line', sequence });
  const jobs: NewJob[] = [3, 1, 2].map((n) => aChild({ causeId: `c${n}`, place: place(n) }));
  const send = async ({ id }: OutboxJob) => void sent.push(id);
  const mail = aSink({ send, ordered: { onDeadLetter: 'block' } });
  const { outbox } = await answering({ writes: [], jobs }, mail);
  expect(sent).toEqual([]);
  await outbox.tick();
  expect(sent).toEqual(['mail:org1:c1', 'mail:org1:c2', 'mail:org1:c3']);
});

test('children that were run give back the room they took', async () => {
  const beside: number[] = [];
  let running = 0;
  const handle = async (job: OutboxJob) => {
    running += 1;
    await turnOfTheLoop();
    beside.push(running);
    running -= 1;
    return { writes: [], jobs: [aChild({ causeId: `of-${job.eventId}` })] };
  };
  const outbox = openMemoryOutbox({
    handlers: [aWriter({ handle }), aSink()],
    settings: { concurrency: 4, pageSize: 4 },
  });
  for (let n = 0; n < 40; n += 1) {
    outbox.record({ jobType: 'notif', orgId: `org${n}`, eventId: `e${n}` });
  }
  await outbox.tick();
  expect(beside).toHaveLength(40);
  expect(Math.max(...beside.slice(-20))).toBe(4);
});

describe('a batch', () => {
  function open(sendBatch: BatchHandler['sendBatch']): { outbox: MemoryOutbox; ids: string[] } {
    const handler: BatchHandler = {
      kind: 'external',
      jobType: 'feed',
      policy: PLAIN_POLICY,
      onUnknownOutcome: 'park',
      maxBatchSize: 10,
      sendBatch,
    };
    const outbox = openMemoryOutbox({ handlers: [handler] });
    return { outbox, ids: [1, 2].map(() => outbox.record({ jobType: 'feed' })) };
  }

  test('may be used up by its handler', async () => {
    const { outbox, ids } = open(async (jobs) => {
      const mine = jobs as OutboxJob[];
      const sends: Promise<unknown>[] = [];
      while (mine.length > 0) sends.push(Promise.resolve(mine.shift()));
      return Promise.allSettled(sends);
    });
    await outbox.tick();
    expect(ids.map((id) => outbox.job(id).status)).toEqual(['sent', 'sent']);
  });

  test.each([
    ['nothing', undefined],
    ['too few', [{ status: 'fulfilled', value: 1 }]],
    ['something else', [1, { status: 'done' }]],
    ['holes', Array.from({ length: 2 })],
  ])('of which %s is answered may have been sent', async (_, answer) => {
    let calls = 0;
    const { outbox, ids } = open(() => {
      calls += 1;
      return Promise.resolve(answer as PromiseSettledResult<unknown>[]);
    });
    await outbox.tick();
    outbox.later(MINUTE_MS);
    await outbox.tick();
    expect(calls).toBe(1);
    for (const id of ids) {
      expect(outbox.job(id)).toMatchObject({
        failure: { reason: 'unknown-outcome' },
        lastError: { code: 'batch-answer' },
      });
    }
  });

  test('goes to one sink, where that depends on the job', async () => {
    const batches: string[][] = [];
    const handler: BatchHandler = {
      kind: 'external',
      jobType: 'feed',
      policy: PLAIN_POLICY,
      onUnknownOutcome: 'retry',
      maxBatchSize: 10,
      sink: ({ orgId }) => orgId,
      sendBatch: (jobs) => {
        batches.push(jobs.map(({ orgId }) => orgId));
        return Promise.allSettled(jobs.map(() => Promise.resolve()));
      },
    };
    const outbox = openMemoryOutbox({ handlers: [handler] });
    for (const orgId of ['a', 'b', 'a']) outbox.record({ jobType: 'feed', orgId });
    await outbox.tick();
    expect(batches).toHaveLength(2);
    expect(batches).toEqual(expect.arrayContaining([['a', 'a'], ['b']]));
  });
});

test('a tenant’s own endpoint that fails keeps nobody else’s from being called', async () => {
  const sent: string[] = [];
  const hook = aSink({
    jobType: 'hook',
    sink: ({ orgId }) => `hook:${orgId}`,
    send: async ({ orgId }) => {
      if (orgId === 'broken') throw new Error('500');
      sent.push(orgId);
    },
  });
  const outbox = openMemoryOutbox({ handlers: [hook] });
  for (let tick = 0; tick < 5; tick += 1) {
    for (let n = 0; n < 6; n += 1) outbox.record({ jobType: 'hook', orgId: 'broken' });
    outbox.record({ jobType: 'hook', orgId: 'fine' });
    await outbox.tick();
    outbox.later(2 * MINUTE_MS);
  }
  expect(sent).toHaveLength(5);
});
