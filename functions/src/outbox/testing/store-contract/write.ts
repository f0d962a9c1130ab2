import { describe, expect, test } from '@jest/globals';
import { failWithoutRun, pushBack } from '../../model/transitions.ts';
import { aJob, aRunningJob, T0 } from '../factories.ts';
import type { MakeStore } from './bench.ts';
import { claimed, defined, failedOnce, openBench, pathOf, sent, writtenBy } from './bench.ts';

export function describeWrite(makeStore: MakeStore): void {
  describe('a write', () => {
    test.each([
      ['a claim', aJob(), claimed],
      ['a takeover', aRunningJob(), claimed],
      ['a settle as sent', aRunningJob(), sent],
      ['a failed attempt', aRunningJob({ unroutableSince: T0 }), failedOnce],
      ['a push back', aJob(), (job: ReturnType<typeof aJob>) => pushBack(job, T0 + 5, T0)],
      [
        'a dead letter',
        aRunningJob(),
        (job: ReturnType<typeof aJob>) =>
          failWithoutRun(job, undefined, { reason: 'poison', message: 'why', nowMs: T0 }),
      ],
    ])('brings the row to exactly the state it is told: %s', async (_, job, change) => {
      const bench = await openBench(makeStore);
      const row = await bench.given(job);
      const next = change(row.job);
      const written = writtenBy(await bench.store.write(row.fence, next));
      expect(written.job).toEqual(next);
      const stored = await bench.row(job.id);
      expect(stored.job).toEqual(defined(next));
    });

    test('answers the fence for the next one', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aJob());
      const claim = writtenBy(await bench.store.write(row.fence, claimed(row.job)));
      const retry = writtenBy(await bench.store.write(claim.fence, failedOnce(claim.job)));
      const again = await bench.store.write(retry.fence, claimed(retry.job));
      expect(again.kind).toBe('written');
    });

    test('leaves alone what it does not know', async () => {
      const bench = await openBench(makeStore);
      const job = aJob({ payload: { a: 1 } });
      await bench.put(job);
      await bench.write([{ kind: 'merge', path: pathOf(job), data: { note: 'by hand' } }]);
      const { fence } = await bench.row(job.id);
      await bench.store.write(fence, claimed(job));
      const stored = await bench.read(pathOf(job));
      expect(stored).toMatchObject({ note: 'by hand', payload: { a: 1 }, status: 'processing' });
    });
  });
}

export function describeManyWrites(makeStore: MakeStore): void {
  describe('writes at the same time', () => {
    test('end each for itself: one that loses takes no other with it', async () => {
      const bench = await openBench(makeStore);
      const jobs = Array.from({ length: 50 }, () => aJob());
      const rows = await Promise.all(jobs.map(bench.given));
      await bench.claimElsewhere(jobs[25]!.id);
      const results = await Promise.all(
        rows.map(({ fence, job }) => bench.store.write(fence, claimed(job))),
      );
      const lost = results.flatMap(({ kind }, index) => (kind === 'lost' ? [index] : []));
      expect(lost).toEqual([25]);
    });

    test('on one row: exactly one holds', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aJob());
      const claims = Array.from({ length: 8 }, () => claimed(row.job));
      const results = await Promise.all(claims.map((claim) => bench.store.write(row.fence, claim)));
      const winners = claims.filter((_, index) => results[index]?.kind === 'written');
      expect(winners).toHaveLength(1);
      const stored = await bench.row(row.job.id);
      expect(stored.job.runId).toBe(winners[0]?.runId);
    });
  });
}
