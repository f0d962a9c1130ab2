import { beforeEach, describe, expect, test } from '@jest/globals';
import { countingIds } from '../../kernel/testing/counting-ids.ts';
import { ManualClock } from '../../kernel/testing/manual-clock.ts';
import { MemoryDocuments } from '../memory/memory-documents.ts';
import { createMemoryOutboxStore } from '../memory/memory-store.ts';
import type { OutboxJob } from '../model/job.ts';
import { createRow } from '../record/record-job.ts';
import { aWorker, DEFAULT_SETTINGS } from '../testing/a-worker.ts';
import { aJob, anEntry, aRunningJob, aSink, T0 } from '../testing/factories.ts';
import { sweep } from './sweep.ts';

const ids = countingIds('run');

let clock: ManualClock;
let documents: MemoryDocuments;
let sends: number;

beforeEach(() => {
  clock = new ManualClock();
  documents = new MemoryDocuments(() => T0 + clock.elapsedMs());
  sends = 0;
});

/** A tick whose claims take `claimMs` to be answered. */
async function tickWithClaimsOf(claimMs: number, budgetMs = 10_000_000) {
  let isFirstWrite = true;
  const store = createMemoryOutboxStore(documents, (operation) => {
    if (operation === 'write answered' && isFirstWrite) {
      isFirstWrite = false;
      clock.advance(claimMs);
    }
    return Promise.resolve();
  });
  const send = () => Promise.resolve(void (sends += 1));
  const worker = aWorker({ store, clock, ids, budgetMs, handlers: [aSink({ send })] });
  return sweep(worker, { lastFromZeroElapsedMs: undefined });
}

function given(job: OutboxJob): OutboxJob {
  documents.commit([{ write: createRow(job) }]);
  return job;
}

function stored({ id }: OutboxJob): Readonly<Record<string, unknown>> {
  return documents.get(`outbox/${id}`)?.data ?? {};
}

const { leaseMs, timeoutMs, startMarginMs } = DEFAULT_SETTINGS;
/** The longest claim that leaves a handler its time. */
const longestClaimMs = leaseMs - timeoutMs - startMarginMs;

describe('a job whose claim took too long for its lease', () => {
  test('is given back before its handler begins: due now, no attempt spent', async () => {
    const job = given(aJob({ attempts: 2, runs: 2 }));
    const { ends } = await tickWithClaimsOf(longestClaimMs + 1);
    expect(ends).toEqual({ released: 1 });
    expect(sends).toBe(0);
    expect(stored(job)).toMatchObject({
      status: 'pending',
      attempts: 2,
      crashes: 0,
      runs: 3,
      nextAttemptAt: new Date(T0 + longestClaimMs + 1),
      history: [{ attempt: 3, outcome: 'released', endedAt: expect.any(Date) }],
    });
    expect(stored(job)).not.toHaveProperty('lease');
  });

  test('is run when there is just time enough', async () => {
    const job = given(aJob());
    await tickWithClaimsOf(longestClaimMs);
    expect(sends).toBe(1);
    expect(stored(job)).toMatchObject({ status: 'sent', attempts: 1 });
  });

  test('keeps its crashes, and costs no attempt when it is run at last', async () => {
    const job = given(
      aRunningJob({ attempts: 2, crashes: 1, lease: { expiresAt: T0 }, nextAttemptAt: T0 }),
    );
    await tickWithClaimsOf(longestClaimMs + 1);
    expect(stored(job)).toMatchObject({ status: 'pending', crashes: 2, attempts: 1 });
    expect(stored(job)['history']).toMatchObject([{ outcome: 'crashed' }, { outcome: 'released' }]);

    await tickWithClaimsOf(0);
    expect(stored(job)).toMatchObject({ status: 'sent', attempts: 2, crashes: 0 });
  });

  test('also when it is the invocation that has no time left', async () => {
    const job = given(aJob({ history: [anEntry({ outcome: 'retry', endedAt: T0 })] }));
    const budgetMs = timeoutMs + startMarginMs;
    const { ends } = await tickWithClaimsOf(1, budgetMs);
    expect(ends).toEqual({ released: 1 });
    expect(sends).toBe(0);
    expect(stored(job)).toMatchObject({ status: 'pending', attempts: 0 });
  });
});
