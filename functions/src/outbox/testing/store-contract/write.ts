import { describe, expect, test } from '@jest/globals';
import type { DocumentData } from '#kernel';
import type { OutboxJob } from '../../model/job.ts';
import * as to from '../../model/transitions.ts';
import { aJob, anEntry, aRunningJob, T0 } from '../factories.ts';
import type { MakeStore } from './bench.ts';
import { claimed, defined, failedOnce, openBench, pathOf, sent, writtenBy } from './bench.ts';

const inLine = { orderingKey: 'line1', sequence: 3 };
const isDead = { nextAttemptAt: undefined, failure: { reason: 'poison', at: T0 } } as const;
const poison = { reason: 'poison', message: 'why', nowMs: T0 } as const;

const CHANGES: [string, OutboxJob, (job: OutboxJob) => OutboxJob][] = [
  ['a claim', aJob(), claimed],
  ['a takeover', aRunningJob(), claimed],
  ['a settle as sent', aRunningJob(), sent],
  ['a failed attempt', aRunningJob({ unroutableSince: T0 }), failedOnce],
  ['a push back', aJob(), (job) => to.pushBack(job, T0 + 5, T0)],
  ['a dead letter', aRunningJob(), (job) => to.failWithoutRun(job, undefined, poison)],
  [
    'a dead letter in a line',
    aRunningJob(inLine),
    (job) => to.failWithoutRun(job, undefined, poison),
  ],
  ['a hold', aJob(inLine), (job) => to.hold(job, T0 + 5, 'first')],
  ['the end of a hold', aJob({ ...inLine, heldBy: 'first' }), claimed],
  ['a pause', aJob(), (job) => to.pause(job, 'org:org1')],
  ['a resume', aJob({ nextAttemptAt: undefined, pausedBy: 'p' }), (job) => to.resume(job, T0 + 5)],
  ['another slot', aJob({ heldBy: 'first' }), (job) => to.moveToSlot(job, 1_002)],
  ['a redrive', aJob({ ...isDead, status: 'failed' }), (job) => to.redrive(job, T0 + 5)],
  ['a cancel', aJob({ ...inLine, blocking: true }), to.cancel],
  ['a place in a line', aJob(), (job) => to.standInLine(job, inLine)],
  ['a place given up', aJob({ ...inLine, blocking: true }), to.leaveLine],
];

export function describeWrite(makeStore: MakeStore): void {
  describe('a write', () => {
    test.each(CHANGES)(
      'brings the row to exactly the state it is told: %s',
      async (_, job, change) => {
        const bench = await openBench(makeStore);
        const row = await bench.given(job);
        const next = change(row.job);
        const written = writtenBy(await bench.store.write(row.fence, next));
        expect(written.job).toEqual(next);
        const stored = await bench.row(job.id);
        expect(stored.job).toEqual(defined(next));
      },
    );

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

    test('keeps any text, and all runs that a row remembers', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aRunningJob());
      const message = 'Zustellung „nicht möglich“ 🎉\n日本語';
      const history = Array.from({ length: 10 }, (_, n) =>
        anEntry({ runId: `run-${n}`, outcome: 'retry', endedAt: T0 + n, code: 'é' }),
      );
      const lastError = { code: 'é', message, at: T0 };
      const next = { ...row.job, lastError, history };
      await bench.store.write(row.fence, next);
      expect((await bench.row(row.job.id)).job).toEqual(next);
    });

    test('says when it was, by the server', async () => {
      const bench = await openBench(makeStore);
      const row = await bench.given(aJob());
      const before = await bench.read(pathOf(row.job));
      await bench.store.write(row.fence, claimed(row.job));
      const after = await bench.read(pathOf(row.job));
      expect(millis(after)).toBeGreaterThanOrEqual(millis(before));
      expect(after?.['createdAt']).toEqual(before?.['createdAt']);
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

/** When a document was last written, by itself: a `Date`, or what the database makes of one. */
function millis(data: DocumentData | undefined): number {
  const at = data?.['updatedAt'] as { readonly toMillis?: () => number } | undefined;
  return at?.toMillis?.() ?? Number(at);
}
