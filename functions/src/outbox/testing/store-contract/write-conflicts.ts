import { describe, expect, test } from '@jest/globals';
import type { OutboxJob } from '../../model/job.ts';
import { failWithoutRun, pushBack } from '../../model/transitions.ts';
import { aJob, anEntry, aRunningJob, T0 } from '../factories.ts';
import type { MakeStore } from './bench.ts';
import { claimed, failedOnce, openBench, pathOf, sent, writtenBy } from './bench.ts';

const before = [anEntry({ outcome: 'retry', endedAt: T0 })];

export function describeLostWrites(makeStore: MakeStore): void {
  describe('a write on a row that moved on is lost and changes nothing', () => {
    test.each<[string, OutboxJob, (job: OutboxJob) => OutboxJob]>([
      ['a claim', aJob(), claimed],
      ['a claim of a retry', aJob({ runId: 'run1', runs: 1, history: before }), claimed],
      ['a settle', aRunningJob(), sent],
      ['a failed attempt', aRunningJob(), failedOnce],
      ['a push back', aJob(), (job) => pushBack(job, T0, T0)],
      [
        'a push back of a retry',
        aJob({ runId: 'run1', history: before }),
        (job) => pushBack(job, T0, T0),
      ],
      [
        'a dead letter',
        aRunningJob(),
        (job) => failWithoutRun(job, undefined, { reason: 'poison', message: 'why', nowMs: T0 }),
      ],
    ])('%s', async (_, job, change) => {
      const bench = await openBench(makeStore);
      const row = await bench.given(job);
      const other = await bench.claimElsewhere(job.id);
      expect(await bench.store.write(row.fence, change(row.job))).toEqual({ kind: 'lost' });
      expect(await bench.row(job.id)).toEqual({
        ...other,
        job: expect.objectContaining({ runId: other.job.runId }),
      });
    });

    test('a dead letter, when the run it gave up on has settled after all', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aRunningJob());
      writtenBy(await bench.store.write(row.fence, sent(row.job)));
      const failed = failWithoutRun(row.job, undefined, {
        reason: 'poison',
        message: 'why',
        nowMs: T0,
      });
      expect(await bench.store.write(row.fence, failed)).toEqual({ kind: 'lost' });
      expect((await bench.row(row.job.id)).job.status).toBe('sent');
    });

    test('even if it looks as it did before', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aJob());
      const path = pathOf(row.job);
      await bench.write([{ kind: 'merge', path, data: { note: 'touched' } }]);
      expect(await bench.store.write(row.fence, claimed(row.job))).toEqual({ kind: 'lost' });
    });

    test('when it is no job any more', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aJob());
      await bench.write([{ kind: 'merge', path: pathOf(row.job), data: { status: 'odd' } }]);
      expect(await bench.store.write(row.fence, claimed(row.job))).toEqual({ kind: 'lost' });
    });

    test('when it was deleted, and another made in its place that looks the same', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aJob());
      await bench.write([{ kind: 'delete', path: pathOf(row.job) }]);
      await bench.put(row.job);
      expect(await bench.store.write(row.fence, claimed(row.job))).toEqual({ kind: 'lost' });
      expect((await bench.row(row.job.id)).job.status).toBe('pending');
    });

    test('when it is gone: it is not made again', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aJob());
      await bench.write([{ kind: 'delete', path: pathOf(row.job) }]);
      expect(await bench.store.write(row.fence, claimed(row.job))).toEqual({ kind: 'lost' });
      expect(await bench.exists(pathOf(row.job))).toBe(false);
    });
  });
}

export function describeRepeatedWrites(makeStore: MakeStore): void {
  describe('a write sent twice, because its first answer was lost, is written', () => {
    test.each<[string, OutboxJob, (job: OutboxJob) => OutboxJob]>([
      ['a claim', aJob(), claimed],
      ['a takeover', aRunningJob(), claimed],
      ['a settle', aRunningJob(), sent],
      ['a failed attempt', aRunningJob(), failedOnce],
    ])('%s, and its second fence holds', async (_, job, change) => {
      const bench = await openBench(makeStore);
      const row = await bench.given(job);
      const next = change(row.job);
      writtenBy(await bench.store.write(row.fence, next));
      const again = writtenBy(await bench.store.write(row.fence, next));
      expect(again.job).toMatchObject({ status: next.status, runId: next.runId, runs: next.runs });
      const after = await bench.store.write(again.fence, claimed(again.job));
      expect(after.kind).toBe('written');
    });

    test('also a settle, when the row has moved on since', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aRunningJob());
      const next = failedOnce(row.job);
      await bench.store.write(row.fence, next);
      await bench.claimElsewhere(next.id);
      expect((await bench.store.write(row.fence, next)).kind).toBe('written');
    });

    test('but not a claim that was taken over since', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aJob());
      const next = claimed(row.job);
      await bench.store.write(row.fence, next);
      await bench.claimElsewhere(next.id);
      expect(await bench.store.write(row.fence, next)).toEqual({ kind: 'lost' });
    });
  });
}
