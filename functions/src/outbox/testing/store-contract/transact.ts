import { describe, expect, test } from '@jest/globals';
import type { DocumentTransaction, DocumentWrite } from '#kernel';
import { createRow } from '../../record/record-job.ts';
import type { JobRow, SettlingWork } from '../../store.ts';
import { aJob, aRunningJob } from '../factories.ts';
import type { Bench, MakeStore } from './bench.ts';
import { openBench, pathOf, sent } from './bench.ts';

const COUNTER = 'things/counter';
/** Firestore's client waits for seconds before it runs a transaction again. */
const CONTENTION_TIMEOUT_MS = 30_000;

/** Settles `row` as sent, after `act` has done its part. */
function sending(
  { job }: JobRow,
  act: (transaction: DocumentTransaction) => Promise<void> = () => Promise.resolve(),
  pending: readonly DocumentWrite[] = [],
): SettlingWork {
  return async (transaction) => {
    await act(transaction);
    return { next: sent(job), pending };
  };
}

async function countUp(transaction: DocumentTransaction): Promise<void> {
  const { data } = await transaction.get(COUNTER);
  transaction.merge(COUNTER, { n: Number(data?.['n'] ?? 0) + 1 });
}

async function statusOf(bench: Bench, { job }: JobRow): Promise<string> {
  return (await bench.row(job.id)).job.status;
}

export function describeTransact(makeStore: MakeStore): void {
  describe('a transaction that settles', () => {
    test('commits the row, what was written from what was read, and children', async () => {
      const bench = await openBench(makeStore);
      await bench.write([{ kind: 'create', path: COUNTER, data: { n: 6, kept: true } }]);
      const row = await bench.given(aRunningJob());
      const child = aJob();
      const work = sending(row, countUp, [createRow(child)]);
      expect(await bench.store.transact(row, work)).toEqual({ kind: 'settled' });
      expect(await bench.read(COUNTER)).toEqual({ n: 7, kept: true });
      expect(await statusOf(bench, row)).toBe('sent');
      expect((await bench.row(child.id)).job.status).toBe('pending');
    });

    test('sees what it has written itself, and what is not there', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aRunningJob());
      const seen: unknown[] = [];
      const work = sending(row, async (transaction) => {
        seen.push((await transaction.get('things/none')).data);
        transaction.create('things/new', { a: 1 });
        transaction.update('things/new', { b: 2 });
        seen.push((await transaction.get('things/new')).data);
      });
      expect(await bench.store.transact(row, work)).toEqual({ kind: 'settled' });
      expect(seen).toEqual([undefined, { a: 1, b: 2 }]);
      expect(await bench.read('things/new')).toEqual({ a: 1, b: 2 });
    });

    test('has the run’s id for a token', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aRunningJob());
      const tokens: string[] = [];
      const work = sending(row, async ({ token }) => void tokens.push(token));
      await bench.store.transact(row, work);
      expect(tokens).toEqual([row.job.runId]);
    });

    test('writes nothing where its work throws, and says what', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aRunningJob());
      const error = new Error('no');
      const work = sending(row, async (transaction) => {
        await countUp(transaction);
        throw error;
      });
      expect(await bench.store.transact(row, work)).toEqual({ kind: 'refused', error });
      expect(await bench.exists(COUNTER)).toBe(false);
      expect(await statusOf(bench, row)).toBe('processing');
    });

    test.each([
      ['creates what is there', 'create', 'things/there'],
      ['updates what is not', 'update', 'things/none'],
    ] as const)('writes nothing where it %s', async (_, kind, path) => {
      const bench = await openBench(makeStore);
      await bench.write([{ kind: 'create', path: 'things/there', data: { by: 'them' } }]);
      const row = await bench.given(aRunningJob());
      const work = sending(row, async (transaction) => {
        transaction.create(COUNTER, { n: 1 });
        transaction[kind](path, { by: 'us' });
      });
      const { kind: end } = await bench.store.transact(row, work);
      expect(end).toBe('refused');
      expect(await bench.exists(COUNTER)).toBe(false);
      expect(await bench.read('things/there')).toEqual({ by: 'them' });
      expect(await statusOf(bench, row)).toBe('processing');
    });
  });
}

export function describeRepeatedTransactions(makeStore: MakeStore): void {
  describe('a transaction that settles', () => {
    test('leaves out children that exist', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aRunningJob());
      const [old, fresh] = [aJob(), aJob()];
      await bench.put({ ...old, status: 'sent', nextAttemptAt: undefined });
      const work = sending(row, countUp, [createRow(old), createRow(fresh)]);
      expect(await bench.store.transact(row, work)).toEqual({ kind: 'settled' });
      expect((await bench.row(old.id)).job.status).toBe('sent');
      expect((await bench.row(fresh.id)).job.status).toBe('pending');
      expect(await bench.read(COUNTER)).toEqual({ n: 1 });
    });

    test('is lost on a row that moved on, with all it wrote', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aRunningJob());
      const other = await bench.claimElsewhere(row.job.id);
      const child = aJob();
      const work = sending(row, countUp, [createRow(child)]);
      expect(await bench.store.transact(row, work)).toEqual({ kind: 'lost' });
      expect((await bench.row(row.job.id)).job.runId).toBe(other.job.runId);
      expect(await bench.exists(COUNTER)).toBe(false);
      expect(await bench.exists(pathOf(child))).toBe(false);
    });

    test('is lost on a row that is gone', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aRunningJob());
      await bench.write([{ kind: 'delete', path: pathOf(row.job) }]);
      expect(await bench.store.transact(row, sending(row, countUp))).toEqual({ kind: 'lost' });
      expect(await bench.exists(COUNTER)).toBe(false);
    });

    test('sent twice settles once', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aRunningJob());
      const work = sending(row, countUp);
      await bench.store.transact(row, work);
      expect(await bench.store.transact(row, work)).toEqual({ kind: 'settled' });
      expect(await bench.read(COUNTER)).toEqual({ n: 1 });
    });

    test(
      'beside others on one document are run one after another',
      async () => {
        const bench = await openBench(makeStore);
        const rows = await Promise.all([1, 2, 3].map(() => bench.given(aRunningJob())));
        const ends = await Promise.all(
          rows.map((row) => bench.store.transact(row, sending(row, countUp))),
        );
        expect(ends).toEqual(rows.map(() => ({ kind: 'settled' })));
        expect(await bench.read(COUNTER)).toEqual({ n: 3 });
      },
      CONTENTION_TIMEOUT_MS,
    );
  });
}
