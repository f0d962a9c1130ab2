import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Clock } from '#kernel';
import { HOUR_MS, SECOND_MS } from '#kernel';
import { countingIds } from '../../kernel/testing/counting-ids.ts';
import { ManualClock } from '../../kernel/testing/manual-clock.ts';
import { MemoryDocuments } from '../memory/memory-documents.ts';
import { createMemoryOutboxStore } from '../memory/memory-store.ts';
import type { OutboxJob } from '../model/job.ts';
import { createRow } from '../record/record-job.ts';
import type { OutboxStore } from '../store.ts';
import { aWorker, DEFAULT_SETTINGS } from '../testing/a-worker.ts';
import { aJob, aRunningJob, aSink, T0 } from '../testing/factories.ts';
import { runJobsNow } from './fast-path.ts';
import { sweep } from './sweep.ts';

const { leaseMs } = DEFAULT_SETTINGS;
const ids = countingIds('run');

/** What passes for everybody alike; where each worker's clock stands is its own affair. */
let passing: ManualClock;
let documents: MemoryDocuments;
let store: OutboxStore;

beforeEach(() => {
  passing = new ManualClock();
  documents = new MemoryDocuments(() => T0 + passing.elapsedMs());
  store = createMemoryOutboxStore(documents);
});

afterEach(() => {
  jest.useRealTimers();
});

/** A monotonic clock that began at another moment than the others. */
function clockOffBy(offMs: number): Clock {
  return {
    elapsedMs: () => passing.elapsedMs() + offMs,
    wait: (ms, signal) => passing.wait(ms, signal),
  };
}

/** From here on the machine believes this of the time of day; nothing else of it is touched. */
function setTimeOfDay(offMs: number): void {
  const untouched = ['nextTick', 'queueMicrotask', 'setImmediate', 'setTimeout'] as const;
  const now = T0 + passing.elapsedMs() + offMs;
  jest.useFakeTimers({ now, doNotFake: [...untouched, 'performance', 'setInterval'] });
  expect(Date.now()).toBe(now);
}

type Send = (job: OutboxJob) => Promise<void>;

/** The tick of a worker on a machine whose clocks, of day and monotonic, are both wrong. */
function tickOffBy(offMs: number, send: Send = () => Promise.resolve()) {
  setTimeOfDay(offMs);
  const worker = aWorker({ store, clock: clockOffBy(offMs), ids, handlers: [aSink({ send })] });
  return sweep(worker, { lastFromZeroElapsedMs: undefined });
}

async function triggerOffBy(offMs: number, job: OutboxJob): Promise<void> {
  setTimeOfDay(offMs);
  const clock = clockOffBy(offMs);
  const worker = aWorker({ store, clock, ids, by: 'trigger', handlers: [aSink()] });
  await runJobsNow(worker, [job.id]);
}

function given(job: OutboxJob): OutboxJob {
  documents.commit([{ write: createRow(job) }]);
  return job;
}

function stored({ id }: OutboxJob): Readonly<Record<string, unknown>> {
  return documents.get(`outbox/${id}`)?.data ?? {};
}

describe.each([
  ['right', 0],
  ['an hour ahead', HOUR_MS],
  ['an hour behind', -HOUR_MS],
])('a worker whose clocks are %s', (_, offMs) => {
  test('takes no job from one who is at work on it', async () => {
    const job = given(aJob());
    const sending = Promise.withResolvers<void>();
    const atWork = tickOffBy(0, () => sending.promise);
    await turnOfTheLoop();
    passing.advance(10 * SECOND_MS);
    const thief: string[] = [];
    await tickOffBy(offMs, async ({ id }) => void thief.push(id));
    await triggerOffBy(offMs, job);
    expect(thief).toEqual([]);
    sending.resolve();
    const { ends } = await atWork;
    expect(ends).toEqual({ sent: 1 });
    expect(stored(job)).toMatchObject({ status: 'sent', runs: 1, crashes: 0 });
  });

  test('takes over a dead worker’s job when its lease is over, and not a millisecond before', async () => {
    const job = given(aRunningJob());
    passing.advance(leaseMs - 1);
    expect((await tickOffBy(offMs)).read).toBe(0);
    expect(stored(job)).toMatchObject({ status: 'processing', runs: 1 });
    passing.advance(1);
    expect((await tickOffBy(offMs)).ends).toEqual({ sent: 1 });
    expect(stored(job)).toMatchObject({ status: 'sent', runs: 2 });
  });

  test('runs what is due, and not a millisecond before, on both paths', async () => {
    const [ticked, triggered] = [given(aJob()), given(aJob({ nextAttemptAt: T0 + 1 }))];
    await triggerOffBy(offMs, triggered);
    expect((await tickOffBy(offMs)).read).toBe(1);
    expect([stored(ticked)['status'], stored(triggered)['status']]).toEqual(['sent', 'pending']);
    passing.advance(1);
    await triggerOffBy(offMs, triggered);
    expect(stored(triggered)).toMatchObject({ status: 'sent', runs: 1 });
  });

  test('writes the server’s time: its leases, retries and history are nobody’s own', async () => {
    const claims: unknown[] = [];
    const job = given(aJob());
    await tickOffBy(offMs, async () => {
      claims.push(stored(job)['lease'], stored(job)['nextAttemptAt']);
      throw new Error('not now');
    });
    const [now, leaseEnd] = [new Date(T0), new Date(T0 + leaseMs)];
    expect(claims).toEqual([{ expiresAt: leaseEnd }, leaseEnd]);
    expect(stored(job)).toMatchObject({
      nextAttemptAt: new Date(T0 + 60 * SECOND_MS),
      lastError: { at: now },
      history: [{ startedAt: now, endedAt: now }],
      updatedAt: now,
    });
  });
});

test('two workers, each an hour off the other way, run every job once between them', async () => {
  const jobs = Array.from({ length: 60 }, (_, n) =>
    given(aJob({ nextAttemptAt: T0 + n * SECOND_MS })),
  );
  const sent: string[] = [];
  const send: Send = async ({ id }) => void sent.push(id);
  for (let second = 0; second < 60; second += 1) {
    await Promise.all([tickOffBy(HOUR_MS, send), tickOffBy(-HOUR_MS, send)]);
    passing.advance(SECOND_MS);
  }
  expect(sent).toEqual(jobs.map(({ id }) => id));
});
