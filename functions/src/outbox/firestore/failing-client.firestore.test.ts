import { beforeEach, describe, expect, test } from '@jest/globals';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { createLosingAnswers } from '../../kernel/testing/losing-answers.ts';
import type { OutboxJob } from '../model/job.ts';
import { aJob, aRunningJob } from '../testing/factories.ts';
import { failedOnce, openBench, sent } from '../testing/store-contract/bench.ts';
import { addWrite } from '#kernel/firestore';
import { createFirestoreOutboxStore } from './firestore-store.ts';

// The database says no: that is nobody's lost lease, and nothing that was done.

const { firestore, refuseCommits } = createLosingAnswers();
const [ABORTED, PERMISSION_DENIED] = [10, 7];
/** The client runs a transaction five times, with waits between. */
const CONTENTION_TIMEOUT_MS = 60_000;

const open = () =>
  openBench(async () => {
    await clearFirestore(firestore);
    return {
      store: createFirestoreOutboxStore(firestore),
      write: async (writes) => {
        const batch = firestore.batch();
        for (const write of writes) addWrite(firestore, batch, write);
        await batch.commit();
      },
      read: async (path) => (await firestore.doc(path).get()).data(),
    };
  });

beforeEach(() => refuseCommits(undefined));

async function given(job: OutboxJob) {
  const bench = await open();
  return { bench, row: await bench.given(job) };
}

describe('a write that the database refuses', () => {
  test('is thrown, and no lost row', async () => {
    const { bench, row } = await given(aRunningJob());
    refuseCommits(PERMISSION_DENIED);
    const writing = bench.store.write(row.fence, failedOnce(row.job));
    await expect(writing).rejects.toMatchObject({ code: PERMISSION_DENIED });
  });

  test('is thrown where it was to park a row', async () => {
    const { bench, row } = await given(aJob());
    refuseCommits(PERMISSION_DENIED);
    const bad = { kind: 'malformed', id: row.job.id, problem: 'why', isInLine: false } as const;
    const parking = bench.store.park({ ...bad, fence: row.fence }, 0);
    await expect(parking).rejects.toMatchObject({ code: PERMISSION_DENIED });
  });
});

test(
  'a transaction whose commits are refused because others are quicker is contended',
  async () => {
    const { bench, row } = await given(aRunningJob());
    refuseCommits(ABORTED);
    const work = () => Promise.resolve({ next: sent(row.job), pending: [] });
    expect(await bench.store.transact(row, work)).toEqual({ kind: 'contended' });
  },
  CONTENTION_TIMEOUT_MS,
);

test('a handler’s own call that fails with the same code is the handler’s failure', async () => {
  const { bench, row } = await given(aRunningJob());
  const error = Object.assign(new Error('of another service'), { code: 9 });
  const result = await bench.store.transact(row, () => Promise.reject(error));
  expect(result).toEqual({ kind: 'refused', error });
});
