import { beforeEach, describe, expect, test } from '@jest/globals';
import { countingIds } from '../../kernel/testing/counting-ids.ts';
import { ManualClock } from '../../kernel/testing/manual-clock.ts';
import { MemoryDocuments } from '../memory/memory-documents.ts';
import { createMemoryOutboxStore } from '../memory/memory-store.ts';
import type { BatchHandler } from '../model/handler.ts';
import { PermanentError, RetryAfterError } from '../model/handler-errors.ts';
import type { OutboxJob } from '../model/job.ts';
import { createRow } from '../record/record-job.ts';
import type { OutboxStore } from '../store.ts';
import { aWorker } from '../testing/a-worker.ts';
import { aJob, anEntry, aRunningJob, PLAIN_POLICY, T0 } from '../testing/factories.ts';
import { pauseJobs } from '../controls/pause.ts';
import { runJobsNow } from './fast-path.ts';
import { sweep } from './sweep.ts';

const ids = countingIds('run');
let clock: ManualClock;
let documents: MemoryDocuments;
let store: OutboxStore;
/** The ids of each call. */
let calls: string[][];

beforeEach(() => {
  clock = new ManualClock();
  documents = new MemoryDocuments(() => T0 + clock.elapsedMs());
  store = createMemoryOutboxStore(documents);
  calls = [];
});

function batch(
  sendBatch: (jobs: readonly OutboxJob[]) => Promise<unknown>[],
  said: Partial<BatchHandler> = {},
): BatchHandler {
  return {
    kind: 'external',
    jobType: 'feed',
    policy: PLAIN_POLICY,
    onUnknownOutcome: 'retry',
    maxBatchSize: 10,
    sendBatch: (jobs) => {
      calls.push(jobs.map(({ id }) => id));
      return Promise.allSettled(sendBatch(jobs));
    },
    ...said,
  };
}

const allWell = (jobs: readonly OutboxJob[]) => jobs.map(() => Promise.resolve());

function tick(handler: BatchHandler, said: { store?: OutboxStore } = {}) {
  const worker = aWorker({ store, clock, ids, handlers: [handler], ...said });
  return sweep(worker, { lastFromZeroElapsedMs: undefined });
}

function given(count: number, said: Partial<OutboxJob> = {}): OutboxJob[] {
  const jobs = Array.from({ length: count }, () => aJob({ jobType: 'feed', ...said }));
  documents.commit(jobs.map((job) => ({ write: createRow(job) })));
  return jobs;
}

function statusesOf(jobs: readonly OutboxJob[]): unknown[] {
  return jobs.map(({ id }) => documents.get(`outbox/${id}`)?.data['status']);
}

function stored({ id }: OutboxJob): Readonly<Record<string, unknown>> {
  return documents.get(`outbox/${id}`)?.data ?? {};
}

describe('jobs of a batch handler', () => {
  test('are sent together, no more at once than it takes', async () => {
    const jobs = given(25);
    expect((await tick(batch(allWell))).ends).toEqual({ sent: 25 });
    expect(calls.map(({ length }) => length)).toEqual([10, 10, 5]);
    expect(calls.flat().toSorted()).toEqual(jobs.map(({ id }) => id).toSorted());
  });

  test('end each by their own outcome', async () => {
    const [sent, retried, refused, later] = given(4);
    const results = new Map([
      [retried?.id, new Error('connection reset')],
      [refused?.id, new PermanentError('no such topic')],
      [later?.id, new RetryAfterError(5_000, 'busy')],
    ]);
    const outcomeOf = ({ id }: OutboxJob) => results.get(id);
    await tick(
      batch((jobs) =>
        jobs.map(async (job) => {
          const error = outcomeOf(job);
          if (error !== undefined) throw error;
        }),
      ),
    );
    expect(stored(sent!)).toMatchObject({ status: 'sent', attempts: 1 });
    expect(stored(retried!)).toMatchObject({ status: 'pending', attempts: 1 });
    expect(stored(refused!)).toMatchObject({ failure: { reason: 'permanent' } });
    expect(stored(later!)).toMatchObject({ status: 'pending', attempts: 0 });
  });

  test('that fail together are tried again one by one, and only the bad one fails again', async () => {
    const jobs = given(5);
    const bad = jobs[2]!;
    const choking = batch(allWell, {
      sendBatch: (together) => {
        calls.push(together.map(({ id }) => id));
        if (together.some(({ id }) => id === bad.id)) throw new Error('cannot be encoded');
        return Promise.resolve(together.map(() => ({ status: 'fulfilled', value: undefined })));
      },
    });
    await tick(choking);
    expect(statusesOf(jobs)).toEqual(jobs.map(() => 'pending'));
    clock.advance(60_000);
    await tick(choking);
    expect(calls.slice(1).map(({ length }) => length)).toEqual([1, 1, 1, 1, 1]);
    const others = jobs.filter((job) => job !== bad);
    expect(statusesOf(others)).toEqual(others.map(() => 'sent'));
    expect(stored(bad)).toMatchObject({ status: 'pending', attempts: 2 });
  });

  test('whose worker died are run alone, and only what kills it is poison', async () => {
    const history = [anEntry()];
    const lost = { status: 'processing', lease: { expiresAt: T0 }, attempts: 1, history } as const;
    const jobs = given(3, { ...lost, crashes: 1 });
    const [killer] = given(1, { ...lost, crashes: 2 });
    await tick(batch(allWell));
    expect(calls.map(({ length }) => length)).toEqual([1, 1, 1]);
    expect(statusesOf(jobs)).toEqual(['sent', 'sent', 'sent']);
    expect(stored(killer!)).toMatchObject({ failure: { reason: 'poison' } });
  });

  test('answered by too few outcomes have an end that nobody knows', async () => {
    const [job, other] = given(2);
    const short = batch((jobs) => allWell(jobs.slice(1)));
    await tick({ ...short, onUnknownOutcome: 'park' });
    for (const one of [job!, other!]) {
      expect(stored(one)).toMatchObject({
        failure: { reason: 'unknown-outcome' },
        lastError: { code: 'batch-answer' },
      });
    }
  });

  test('are aborted together when their time is over', async () => {
    const [job, other] = given(2);
    const handler = batch(allWell, {
      timeoutMs: 1_000,
      sendBatch: () => new Promise(() => clock.advance(1_000)),
    });
    await tick(handler);
    for (const one of [job!, other!]) {
      expect(stored(one)).toMatchObject({ status: 'pending', lastError: { code: 'timeout' } });
    }
  });

  test('that are paused, or taken by another worker, leave the batch to the others', async () => {
    const [taken, ...jobs] = given(3);
    const [paused] = given(1, { orgId: 'org2' });
    await pauseJobs(store, { orgId: 'org2' }, { by: 'ops', reason: 'test' });
    let isFirst = true;
    const racing = createMemoryOutboxStore(documents, async (operation) => {
      if (operation !== 'write' || !isFirst) return;
      isFirst = false;
      const { slot: _, ...fields } = stored(taken!);
      const data = { ...fields, slot: 3 };
      documents.commit([{ write: { kind: 'set', path: `outbox/${taken!.id}`, data } }]);
    });
    const { ends } = await tick(batch(allWell), { store: racing });
    expect(ends).toEqual({ sent: 2, lost: 1, paused: 1 });
    expect(calls).toEqual([jobs.map(({ id }) => id)]);
    expect(stored(paused!)).toMatchObject({ pausedBy: 'org:org2' });
  });

  test('are given back unspent where their claims took too long', async () => {
    const jobs = given(2);
    const slow = createMemoryOutboxStore(documents, async (operation) => {
      if (operation === 'write answered' && calls.length === 0) clock.advance(20_000);
    });
    const { ends } = await tick(batch(allWell), { store: slow });
    expect(ends).toEqual({ released: 2 });
    expect(calls).toEqual([]);
    expect(jobs.map((job) => stored(job)['attempts'])).toEqual([0, 0]);
  });

  test('are given back where the lease of one of them will not last', async () => {
    const jobs = given(2);
    const slow: OutboxStore = {
      ...store,
      write: async (fence, next) => {
        const isSecond = next.id === jobs[1]!.id && next.status === 'processing';
        const lease = isSecond ? { expiresAt: T0 + 24_999 } : next.lease;
        return store.write(fence, { ...next, lease });
      },
    };
    const { ends } = await tick(batch(allWell), { store: slow });
    expect(ends).toEqual({ released: 2 });
    expect(calls).toEqual([]);
  });

  test('go alone on the fast path', async () => {
    const [job] = given(2);
    const worker = aWorker({ store, clock, ids, handlers: [batch(allWell)], by: 'trigger' });
    expect(await runJobsNow(worker, [job!.id])).toEqual(['sent']);
    expect(calls).toEqual([[job!.id]]);
  });
});

test('a batch whose sink fails as a whole opens the circuit by one call', async () => {
  const worker = aWorker({ store, clock, ids, handlers: [batch(allWell, { maxBatchSize: 1 })] });
  const failing = batch((jobs) => jobs.map(() => Promise.reject(new Error('down'))));
  const one = { ...worker, handlers: () => failing };
  for (let n = 0; n < 5; n += 1) {
    expect(one.breakers.openForMs('feed')).toBe(0);
    given(3);
    await sweep(one, { lastFromZeroElapsedMs: undefined });
  }
  expect(one.breakers.openForMs('feed')).toBeGreaterThan(0);
});

test('a row whose claim cannot be written takes nobody with it', async () => {
  const jobs = given(3);
  const bad = { ...aRunningJob({ jobType: 'feed' }), id: jobs[0]!.id };
  const failing: OutboxStore = {
    ...store,
    write: (fence, next) =>
      next.id === bad.id ? Promise.reject(new Error('unavailable')) : store.write(fence, next),
  };
  const { ends } = await tick(batch(allWell), { store: failing });
  expect(ends).toEqual({ sent: 2, error: 1 });
});
