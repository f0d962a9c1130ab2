import { describe, expect, test } from '@jest/globals';
import type { JobStatus, OutboxJob } from '../../model/job.ts';
import { JOB_STATUSES } from '../../model/job.ts';
import type { OutboxStore, Scan } from '../../store.ts';
import { aJob } from '../factories.ts';
import type { Bench, MakeStore } from './bench.ts';
import { claimed, openBench, pathOf } from './bench.ts';

async function scanned(store: OutboxStore, which: Scan, afterId?: string): Promise<string[]> {
  const { rows } = await store.scan(which, { afterId, limit: 100 });
  return rows.map(({ id }) => id);
}

function inState(id: string, status: JobStatus): OutboxJob {
  return aJob({ id, status });
}

async function putOneOfEach({ put }: Bench): Promise<void> {
  await put(...JOB_STATUSES.map((status) => inState(status, status)));
}

async function putOfNoState({ put, write }: Bench): Promise<void> {
  const states = { dancing: 'dancing', none: '', seven: 7, shouted: 'PENDING', nobody: null };
  await put(...Object.keys(states).map((id) => aJob({ id })));
  await write(
    Object.entries(states).map(([id, status]) => ({
      kind: 'merge',
      path: pathOf({ id }),
      data: { status },
    })),
  );
}

export function describeScans(makeStore: MakeStore): void {
  describe('a scan', () => {
    test('of all finds every row, whatever it looks like, by id', async () => {
      const bench = await openBench(makeStore);
      await putOneOfEach(bench);
      await bench.write([{ kind: 'set', path: 'outbox/odd', data: { note: 'no job' } }]);
      const ids = [...JOB_STATUSES, 'odd'];
      expect(await scanned(bench.store, 'all')).toEqual(ids.toSorted());
    });

    test.each(['pending', 'processing', 'failed', 'cancelled'] as const)(
      'of %s rows finds those alone',
      async (status) => {
        const bench = await openBench(makeStore);
        await putOneOfEach(bench);
        await putOfNoState(bench);
        await bench.put(inState('another', status));
        expect(await scanned(bench.store, status)).toEqual(['another', status]);
      },
    );

    test('of rows of no state finds those that have another, and no job', async () => {
      const bench = await openBench(makeStore);
      await putOneOfEach(bench);
      await putOfNoState(bench);
      const found = await scanned(bench.store, 'no-status');
      expect(found.toSorted()).toEqual(['dancing', 'none', 'seven', 'shouted']);
    });

    test('of rows of no state does not find those without any: they are found among all', async () => {
      const bench = await openBench(makeStore);
      await bench.write([{ kind: 'set', path: 'outbox/odd', data: { note: 'no state' } }]);
      expect(await scanned(bench.store, 'no-status')).toEqual([]);
      expect(await scanned(bench.store, 'all')).toEqual(['odd']);
    });

    test('of nothing is empty', async () => {
      const { store } = await openBench(makeStore);
      const scans: readonly Scan[] = ['all', 'no-status', 'pending', 'processing'];
      for (const which of scans) expect(await scanned(store, which)).toEqual([]);
    });
  });
}

export function describeScanPages(makeStore: MakeStore): void {
  describe('the pages of a scan', () => {
    test.each(['all', 'pending'] as const)(
      'of %s follow on each other, each row once',
      async (which) => {
        const { store, put } = await openBench(makeStore);
        // In the order of their bytes, which is no dictionary's.
        const ids = ['A', 'B', 'Z', '_', 'a', 'b', 'z', 'é', '日'];
        await put(...ids.toReversed().map((id) => aJob({ id })));
        const found: string[][] = [];
        let afterId: string | undefined;
        do {
          const { rows } = await store.scan(which, { afterId, limit: 4 });
          found.push(rows.map(({ id }) => id));
          afterId = rows.at(-1)?.id;
        } while (found.at(-1)?.length === 4);
        expect(found).toEqual([ids.slice(0, 4), ids.slice(4, 8), ids.slice(8)]);
      },
    );

    test('begin after an id that is gone by now', async () => {
      const { store, put, write } = await openBench(makeStore);
      await put(...['a', 'b', 'c'].map((id) => aJob({ id })));
      await write([{ kind: 'delete', path: 'outbox/b' }]);
      expect(await scanned(store, 'all', 'b')).toEqual(['c']);
    });

    test('hold the fields as they are stored, and fences that hold', async () => {
      const bench = await openBench(makeStore);
      const job = aJob({ payload: { deep: ['ü', { n: 1 }] } });
      await bench.put(job);
      await bench.write([{ kind: 'merge', path: pathOf(job), data: { note: 'by hand' } }]);
      const { rows } = await bench.store.scan('all', { limit: 1 });
      const [row] = rows;
      expect(row?.data).toMatchObject({ note: 'by hand', payload: job.payload, attempts: 0 });
      expect((await bench.store.write(row!.fence, claimed(job))).kind).toBe('written');
    });
  });
}
