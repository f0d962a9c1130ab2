import { OPERATIONS } from '../cli/plan/operations.ts';
import type { Verdict } from './budgets.ts';
import { judge } from './budgets.ts';
import type { BothSides, Comparison } from './results.ts';
import { percentile, ratioOf } from './statistics.ts';
import type { Operations } from './worker/count-operations.ts';

/** What the budgets are judged by; a budget's measurements are never missing. */
export interface Measured {
  readonly operations: Operations;
  readonly emitAlone: Comparison;
  readonly emitCpuMs: { readonly raw: readonly number[]; readonly ours: readonly number[] };
  /** Empty handlers, without lines, from the smallest backlog to the largest; the first with one worker. */
  readonly drains: readonly Comparison[];
  readonly smallest: Comparison;
  readonly largest: Comparison;
  readonly imports: Comparison;
}

/** How much dearer a job of the largest backlog may be: what two runs of one thing differ by anyway. */
const SAME_COST = 1.1;

/** Every budget, judged. */
export function judgeAll(measured: Measured): Verdict[] {
  return [...operationsOf(measured), ...timesOf(measured)];
}

function operationsOf({ operations }: Measured): Verdict[] {
  const { emit, idleTick, sweptJob, fastPath } = operations;
  return [
    ...exactly('emit, one subscription', OPERATIONS.emit, emit),
    ...exactly('fast path, one recipient', OPERATIONS.fastPath, fastPath),
    ...exactly('swept external job', OPERATIONS.sweptJob, sweptJob),
    ...exactly('idle tick', OPERATIONS.idleTick, idleTick),
  ];
}

type Counted = Pick<Operations['emit'], 'reads' | 'writes'>;

function exactly(name: string, limit: Counted, measured: Counted): Verdict[] {
  return (['reads', 'writes'] as const).map((kind) =>
    judge({
      name: `${name}: ${kind}`,
      kind: 'exactly',
      limit: limit[kind],
      measured: measured[kind],
    }),
  );
}

function timesOf(measured: Measured): Verdict[] {
  const { emitAlone, emitCpuMs, drains, smallest, largest, imports } = measured;
  return [
    judge({
      name: 'emit ÷ raw two-document batch',
      kind: 'at most',
      limit: 1.1,
      measured: timeRatioOf(emitAlone),
    }),
    judge({
      name: 'emit: CPU of its own, p95',
      kind: 'at most',
      limit: 1,
      measured: percentile(emitCpuMs.ours, 0.95),
      unit: 'ms',
      note: `p50 ${percentile(emitCpuMs.ours, 0.5).toFixed(3)}; the raw batch alone: p95 ${percentile(emitCpuMs.raw, 0.95).toFixed(3)}`,
    }),
    ...drains.map((drain) =>
      judge({
        name: `${drain.name}: jobs/s ÷ raw`,
        kind: 'at least',
        limit: 0.9,
        measured: ratioOf(drain.msForOne.raw, drain.msForOne.ours).median,
        ...noteOf(drain),
      }),
    ),
    judge({
      name: `a job of ${named(largest)} due ÷ of ${named(smallest)}, without queries`,
      kind: 'at most',
      limit: SAME_COST,
      measured: withoutQueries(largest).ours / withoutQueries(smallest).ours,
      note: growthNoteOf(largest, smallest),
    }),
    judge({
      name: 'import of index.ts ÷ the two SDKs',
      kind: 'at most',
      limit: 1.3,
      measured: timeRatioOf(imports),
    }),
  ];
}

/** Our time for one ÷ that of the raw calls. */
function timeRatioOf({ msForOne: { ours, raw } }: Comparison): number {
  return ratioOf(ours, raw).median;
}

function noteOf(drain: Comparison): { readonly note?: string } {
  if (drain.queryMsForOne === undefined) return {};
  const { ours, raw } = withoutQueries(drain);
  return { note: `without queries: ${(raw / ours).toFixed(2)}` };
}

function growthNoteOf(largest: Comparison, smallest: Comparison): string {
  const [large, small] = [withoutQueries(largest), withoutQueries(smallest)];
  const withQueries = medianMs(largest, 'ours') / medianMs(smallest, 'ours');
  const raw = large.raw / small.raw;
  return `the raw calls: ${raw.toFixed(2)}; with queries: ${withQueries.toFixed(2)}`;
}

/**
 * What one takes besides the queries: the emulator's look at every document there is, and their time
 * grows with the backlog; Firestore's look at those they answer with.
 */
function withoutQueries(one: Comparison): BothSides<number> {
  const { raw = 0, ours = 0 } = one.queryMsForOne ?? {};
  return { raw: medianMs(one, 'raw') - raw, ours: medianMs(one, 'ours') - ours };
}

function medianMs({ msForOne }: Comparison, side: 'raw' | 'ours'): number {
  return percentile(msForOne[side], 0.5);
}

function named({ dueJobs = 0 }: Comparison): string {
  return dueJobs.toLocaleString('en');
}
