import { describe, expect, test } from '@jest/globals';
import { aRunningJob } from '../factories.ts';
import type { Bench, MakeStore } from './bench.ts';
import { effects, failedOnce, openBench, pathOf, sent } from './bench.ts';

const OTHER_SLOT = 5;
const notification = { kind: 'create', path: 'notifications/n1', data: { by: 'us' } } as const;

/** A running row, and somebody who changed it since. */
async function changedSince(bench: Bench, data: Readonly<Record<string, unknown>>) {
  const row = await bench.given(aRunningJob());
  await bench.write([{ kind: 'update', path: pathOf(row.job), data }]);
  return row;
}

export function describeMovedRows(makeStore: MakeStore): void {
  describe('a running row that somebody put into another slot', () => {
    test('is settled all the same, with its effects, where it is now', async () => {
      const bench = await openBench(makeStore);
      const { job, fence } = await changedSince(bench, { slot: OTHER_SLOT });
      const said = effects({ writes: [notification] });
      const result = await bench.store.settle(fence, sent(job), said);
      expect(result).toEqual({ kind: 'settled', started: [] });
      expect((await bench.row(job.id)).job).toMatchObject({ status: 'sent', slot: OTHER_SLOT });
      expect(await bench.exists(notification.path)).toBe(true);
    });

    test('is written all the same, where it is now', async () => {
      const bench = await openBench(makeStore);
      const { job, fence } = await changedSince(bench, { slot: OTHER_SLOT });
      const result = await bench.store.write(fence, failedOnce(job));
      expect(result).toMatchObject({ kind: 'written', row: { job: { slot: OTHER_SLOT } } });
      expect((await bench.row(job.id)).job).toMatchObject({ status: 'pending', slot: OTHER_SLOT });
    });

    test('and that is not all they did: it is lost', async () => {
      const bench = await openBench(makeStore);
      const { job, fence } = await changedSince(bench, { slot: OTHER_SLOT, attempts: 3 });
      expect(await bench.store.settle(fence, sent(job), effects())).toEqual({ kind: 'lost' });
      expect(await bench.store.write(fence, failedOnce(job))).toEqual({ kind: 'lost' });
      expect((await bench.row(job.id)).job).toMatchObject({ status: 'processing', attempts: 3 });
    });
  });
}
