import { describe, expect, test } from '@jest/globals';
import type { MalformedRow } from '../../store.ts';
import { aRunningJob, T0 } from '../factories.ts';
import type { Bench, MakeStore } from './bench.ts';
import { openBench, pathOf } from './bench.ts';

const everything = { slots: [0], fromMs: 0, throughMs: T0 + 1e9, limit: 100 };

async function malformedRow(bench: Bench, job = aRunningJob()): Promise<MalformedRow> {
  await bench.put(job);
  await bench.write([{ kind: 'merge', path: pathOf(job), data: { attempts: 'many' } }]);
  const [row] = (await bench.store.findDue(everything)).rows;
  if (row?.kind !== 'malformed') throw new Error('The row is a job.');
  return row;
}

export function describePark(makeStore: MakeStore): void {
  describe('a row that is no job', () => {
    test('is parked as a dead letter that says what is wrong, and is never due again', async () => {
      const bench = await openBench(makeStore);
      const row = await malformedRow(bench);
      await bench.store.park(row, T0);
      expect(await bench.read(pathOf(row))).toMatchObject({
        status: 'failed',
        failure: { reason: 'malformed' },
        lastError: { code: 'malformed', message: expect.stringContaining('attempts') },
        attempts: 'many',
      });
      expect(await bench.read(pathOf(row))).not.toHaveProperty('lease');
      expect((await bench.store.findDue(everything)).rows).toEqual([]);
    });

    test('is parked once: of two who found it, the second changes nothing', async () => {
      const bench = await openBench(makeStore);
      const row = await malformedRow(bench);
      await bench.store.park(row, T0);
      const parked = await bench.read(pathOf(row));
      await bench.store.park({ ...row, problem: 'another' }, T0 + 1);
      expect(await bench.read(pathOf(row))).toEqual(parked);
    });

    test('is held by no pause any more, and keeps what else it holds', async () => {
      const bench = await openBench(makeStore);
      const row = await malformedRow(
        bench,
        aRunningJob({ pausedBy: 'org:org1', payload: { a: 1 } }),
      );
      await bench.store.park(row, T0);
      expect(await bench.read(pathOf(row))).toMatchObject({ payload: { a: 1 }, jobType: 'mail' });
      expect((await bench.store.findPaused('org:org1', 10)).rows).toEqual([]);
    });

    test.each([
      ['blocks the line that it stands in', true, { orderingKey: 'line1', sequence: 1 }],
      ['blocks nobody where it stands in none', false, {}],
    ])('%s', async (_, blocks, said) => {
      const bench = await openBench(makeStore);
      const row = await malformedRow(bench, aRunningJob({ ...said, blocking: !blocks }));
      await bench.store.park(row, T0);
      expect((await bench.store.findBlocking(10)).rows).toHaveLength(blocks ? 1 : 0);
    });

    test('is left alone when somebody has mended it since', async () => {
      const bench = await openBench(makeStore);
      const row = await malformedRow(bench);
      await bench.write([{ kind: 'merge', path: pathOf(row), data: { attempts: 1 } }]);
      await bench.store.park(row, T0);
      expect((await bench.row(row.id)).job.status).toBe('processing');
    });

    test('is not made again when somebody has deleted it since', async () => {
      const bench = await openBench(makeStore);
      const row = await malformedRow(bench);
      await bench.write([{ kind: 'delete', path: pathOf(row) }]);
      await bench.store.park(row, T0);
      expect(await bench.exists(pathOf(row))).toBe(false);
    });
  });
}
