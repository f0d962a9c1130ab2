import { describe, expect, test } from '@jest/globals';
import { createRow } from '../../record/record-job.ts';
import { aJob, aRunningJob } from '../factories.ts';
import type { MakeStore } from './bench.ts';
import { claimed, effects, openBench, pathOf, sent } from './bench.ts';

const notification = { kind: 'create', path: 'notifications/n1', data: { by: 'us' } } as const;

export function describeLostSettles(makeStore: MakeStore): void {
  describe('a settle on a row that moved on is lost, with all its effects', () => {
    test('a zombie’s, whose lease was taken over', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aRunningJob());
      const other = await bench.claimElsewhere(row.job.id);
      const child = claimed(aJob());
      const said = effects({ writes: [notification], started: [child] });
      expect(await bench.store.settle(row.fence, sent(row.job), said)).toEqual({ kind: 'lost' });
      expect((await bench.row(row.job.id)).job.runId).toBe(other.job.runId);
      const paths = [notification.path, pathOf(child)];
      expect(await Promise.all(paths.map(bench.exists))).toEqual([false, false]);
    });

    test('also when one of them exists already', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aRunningJob());
      await bench.claimElsewhere(row.job.id);
      await bench.write([{ ...notification, data: { by: 'them' } }]);
      const said = effects({ writes: [notification] });
      expect(await bench.store.settle(row.fence, sent(row.job), said)).toEqual({ kind: 'lost' });
      expect(await bench.read(notification.path)).toEqual({ by: 'them' });
    });

    test('when the row is gone', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aRunningJob());
      await bench.write([{ kind: 'delete', path: pathOf(row.job) }]);
      const said = effects({ writes: [notification] });
      expect(await bench.store.settle(row.fence, sent(row.job), said)).toEqual({ kind: 'lost' });
      expect(await bench.exists(notification.path)).toBe(false);
    });
  });
}

export function describeRepeatedEffects(makeStore: MakeStore): void {
  describe('what an earlier run wrote happens once', () => {
    test('what exists is left out as it is, and the rest committed', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aRunningJob());
      const [pending, started] = [aJob(), claimed(aJob())];
      const [newPending, newStarted] = [aJob(), claimed(aJob())];
      await bench.write([
        { ...notification, data: { by: 'them' } },
        createRow({ ...pending, status: 'sent' }),
        createRow({ ...started, status: 'sent' }),
      ]);
      const result = await bench.store.settle(row.fence, sent(row.job), {
        writes: [notification, { ...notification, path: 'notifications/n2' }],
        moves: [],
        pending: [createRow(pending), createRow(newPending)],
        started: [started, newStarted],
      });
      expect(result).toMatchObject({ kind: 'settled', started: [{ job: { id: newStarted.id } }] });
      expect(result.kind === 'settled' && result.started).toHaveLength(1);
      expect(await bench.read(notification.path)).toEqual({ by: 'them' });
      expect(await bench.read('notifications/n2')).toEqual({ by: 'us' });
      const jobs = await Promise.all(
        [pending, started, newPending, newStarted].map(({ id }) => bench.row(id)),
      );
      expect(jobs.map(({ job }) => job.status)).toEqual(['sent', 'sent', 'pending', 'processing']);
      expect((await bench.row(row.job.id)).job.status).toBe('sent');
    });

    test('a settle sent twice is settled once, and its children’s fences hold', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aRunningJob());
      const next = sent(row.job);
      const said = effects({ writes: [notification], started: [claimed(aJob()), claimed(aJob())] });
      await bench.store.settle(row.fence, next, said);
      const again = await bench.store.settle(row.fence, next, said);
      if (again.kind !== 'settled') throw new Error(again.kind);
      expect(again.started.map(({ job }) => job.id)).toEqual(said.started.map(({ id }) => id));
      for (const { fence, job } of again.started) {
        expect((await bench.store.write(fence, sent(job))).kind).toBe('written');
      }
    });

    test('a settle sent twice leaves out children that others took over since', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aRunningJob());
      const next = sent(row.job);
      const [taken, ours] = [claimed(aJob()), claimed(aJob())];
      const said = effects({ started: [taken, ours] });
      await bench.store.settle(row.fence, next, said);
      await bench.claimElsewhere(taken.id);
      const again = await bench.store.settle(row.fence, next, said);
      expect(again).toMatchObject({ kind: 'settled', started: [{ job: { id: ours.id } }] });
    });
  });
}
