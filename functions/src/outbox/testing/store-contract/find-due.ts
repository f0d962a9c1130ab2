import { describe, expect, test } from '@jest/globals';
import type { OutboxJob } from '../../model/job.ts';
import type { DueQuery, RowsRead } from '../../store.ts';
import { aJob, anEntry, aRunningJob, T0 } from '../factories.ts';
import type { Bench, MakeStore } from './bench.ts';
import { claimed, idsOf, openBench, pathOf } from './bench.ts';

const everything: DueQuery = { slots: [0], fromMs: 0, throughMs: T0 + 1e9, limit: 100 };

async function find({ store }: Bench, query: Partial<DueQuery> = {}): Promise<RowsRead> {
  return store.findDue({ ...everything, ...query });
}

async function dueIds(bench: Bench, query: Partial<DueQuery> = {}): Promise<string[]> {
  return idsOf(await find(bench, query));
}

function dueAt(id: string, ms: number, said: Partial<OutboxJob> = {}): OutboxJob {
  return aJob({ id, nextAttemptAt: T0 + ms, ...said });
}

export function describeFindDue(makeStore: MakeStore): void {
  describe('a due page', () => {
    test('is empty where nothing is due, and says the server’s time', async () => {
      const bench = await openBench(makeStore);
      const { readAtMs } = await bench.store.readControls();
      const page = await find(bench);
      expect(page.rows).toEqual([]);
      expect(page.readAtMs).toBeGreaterThanOrEqual(readAtMs);
    });

    test('holds the rows of the slots it asks for, up to thirty slots', async () => {
      const bench = await openBench(makeStore);
      const slots = Array.from({ length: 30 }, (_, slot) => slot);
      await bench.put(...[0, 7, 29, 30, 1_000].map((slot) => dueAt(`s${slot}`, slot, { slot })));
      expect(await dueIds(bench, { slots: [7] })).toEqual(['s7']);
      expect(await dueIds(bench, { slots: [1_000, 30] })).toEqual(['s30', 's1000']);
      expect(await dueIds(bench, { slots })).toEqual(['s0', 's7', 's29']);
    });

    test('is in the order they are due, whatever their slots', async () => {
      const bench = await openBench(makeStore);
      const late = dueAt('late', 30, { slot: 1 });
      const early = dueAt('early', 10, { slot: 3 });
      await bench.put(late, early, dueAt('between', 20, { slot: 2 }));
      expect(await dueIds(bench, { slots: [1, 2, 3] })).toEqual(['early', 'between', 'late']);
    });

    test('begins and ends at the millisecond it is asked for, both included', async () => {
      const bench = await openBench(makeStore);
      await bench.put(...[9, 10, 11, 12, 13].map((ms) => dueAt(`ms${ms}`, ms)));
      const bounds = { fromMs: T0 + 10, throughMs: T0 + 12 };
      expect(await dueIds(bench, bounds)).toEqual(['ms10', 'ms11', 'ms12']);
      expect(await dueIds(bench, { fromMs: T0 + 10, throughMs: T0 + 10 })).toEqual(['ms10']);
    });

    test('holds no more than its limit: the oldest', async () => {
      const bench = await openBench(makeStore);
      await bench.put(...[5, 4, 3, 2, 1].map((ms) => dueAt(`ms${ms}`, ms)));
      expect(await dueIds(bench, { limit: 2 })).toEqual(['ms1', 'ms2']);
    });
  });
}

export function describeWhatIsDue(makeStore: MakeStore): void {
  describe('due', () => {
    test('are new jobs, retries and leases that ran out alike', async () => {
      const bench = await openBench(makeStore);
      const history = [anEntry({ outcome: 'retry', endedAt: T0 })];
      const retry = dueAt('retry', 1, { attempts: 1, runs: 1, runId: 'run1', history });
      const lost = aRunningJob({ id: 'lost', nextAttemptAt: T0 + 2, lease: { expiresAt: T0 + 2 } });
      await bench.put(dueAt('new', 0), retry, lost);
      const { rows } = await find(bench);
      expect(rows.map((row) => row.kind === 'job' && row.job)).toEqual(
        [dueAt('new', 0), retry, lost].map((job, index) => ({
          ...job,
          id: ['new', 'retry', 'lost'][index],
        })),
      );
    });

    test('are not closed rows, nor open ones without a due time', async () => {
      const bench = await openBench(makeStore);
      const nextAttemptAt = undefined;
      await bench.put(
        aJob({ status: 'sent', nextAttemptAt }),
        aJob({ status: 'failed', nextAttemptAt }),
        aJob({ nextAttemptAt }),
      );
      expect(await dueIds(bench)).toEqual([]);
    });

    test('rows can be claimed by the fences they come with', async () => {
      const bench = await openBench(makeStore);
      await bench.put(aJob());
      const [row] = (await find(bench)).rows;
      if (row?.kind !== 'job') throw new Error('The row is no job.');
      const claim = await bench.store.write(row.fence, claimed(row.job));
      expect(claim.kind).toBe('written');
    });

    test('rows that are no jobs come as such, with the fields that are wrong, and harm nobody', async () => {
      const bench = await openBench(makeStore);
      const [good, bad] = [dueAt('good', 2), dueAt('bad', 1)];
      await bench.put(good, bad);
      const data = { attempts: 'many', status: 'lost' };
      await bench.write([{ kind: 'merge', path: pathOf(bad), data }]);
      const { rows } = await find(bench);
      expect(rows).toMatchObject([{ kind: 'malformed', id: 'bad' }, { kind: 'job' }]);
      const [row] = rows;
      expect(row?.kind === 'malformed' && row.problem).toMatch(/status: .*attempts: /);
    });

    test('a row under another id than its own is no job: its writes would go elsewhere', async () => {
      const bench = await openBench(makeStore);
      await bench.put(dueAt('copy', 1));
      await bench.write([{ kind: 'merge', path: 'outbox/copy', data: { id: 'original' } }]);
      expect((await find(bench)).rows).toMatchObject([{ kind: 'malformed', id: 'copy' }]);
    });
  });
}
