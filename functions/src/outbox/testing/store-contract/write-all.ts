import { describe, expect, test } from '@jest/globals';
import { aJob } from '../factories.ts';
import type { Bench, MakeStore } from './bench.ts';
import { claimed, openBench } from './bench.ts';

export function describeWriteAll(makeStore: MakeStore): void {
  describe('writes of several rows in one commit', () => {
    test('bring them all to their new states', async () => {
      const bench = await openBench(makeStore);
      const rows = [await bench.given(aJob()), await bench.given(aJob())];
      const updates = rows.map(({ fence, job }) => ({ fence, next: claimed(job) }));
      expect(await bench.store.writeAll(updates)).toBe(true);
      for (const { job } of rows) {
        expect((await bench.row(job.id)).job.status).toBe('processing');
      }
    });

    test('write nothing when one of them is no longer as it was', async () => {
      const bench = await openBench(makeStore);
      const rows = [await bench.given(aJob()), await bench.given(aJob())];
      await bench.claimElsewhere(rows[1]?.job.id ?? '');
      const updates = rows.map(({ fence, job }) => ({ fence, next: claimed(job) }));
      expect(await bench.store.writeAll(updates)).toBe(false);
      expect((await bench.row(rows[0]?.job.id ?? '')).job.status).toBe('pending');
    });

    test('write nothing when one of them is gone', async () => {
      const bench = await openBench(makeStore);
      const rows = [await bench.given(aJob()), await bench.given(aJob())];
      await bench.write([{ kind: 'delete', path: `outbox/${rows[1]?.job.id}` }]);
      const updates = rows.map(({ fence, job }) => ({ fence, next: claimed(job) }));
      expect(await bench.store.writeAll(updates)).toBe(false);
      expect((await bench.row(rows[0]?.job.id ?? '')).job.status).toBe('pending');
    });

    test('write nothing when the last of many is no longer as it was', async () => {
      const bench = await openBench(makeStore);
      const updates = await threeClaims(bench);
      await bench.claimElsewhere(updates[2]?.next.id ?? '');
      const before = await Promise.all(updates.map(({ next }) => bench.row(next.id)));
      expect(await bench.store.writeAll(updates)).toBe(false);
      expect(await Promise.all(updates.map(({ next }) => bench.row(next.id)))).toEqual(before);
    });

    test('of two at the same time that share a row are all of the one, and none of the other', async () => {
      const bench = await openBench(makeStore);
      const [first, shared, last] = await threeClaims(bench);
      const again = { ...shared!, next: { ...shared!.next, runId: 'other' } };
      const results = await Promise.all([
        bench.store.writeAll([first!, shared!]),
        bench.store.writeAll([again, last!]),
      ]);
      expect(results.filter(Boolean)).toHaveLength(1);
      const statuses = await Promise.all(
        [first, last].map(async (one) => (await bench.row(one!.next.id)).job.status),
      );
      expect(statuses).toEqual(results.map((written) => (written ? 'processing' : 'pending')));
    });

    test('make every fence of before worthless', async () => {
      const bench = await openBench(makeStore);
      const updates = await threeClaims(bench);
      await bench.store.writeAll(updates);
      for (const { fence, next } of updates) {
        const late = { ...next, runId: 'late', history: [] };
        expect(await bench.store.write(fence, late)).toEqual({ kind: 'lost' });
      }
    });

    test('of nothing are written', async () => {
      const bench = await openBench(makeStore);
      expect(await bench.store.writeAll([])).toBe(true);
    });
  });
}

async function threeClaims({ given }: Bench) {
  const rows = [await given(aJob()), await given(aJob()), await given(aJob())];
  return rows.map(({ fence, job }) => ({ fence, next: claimed(job) }));
}
