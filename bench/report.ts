import type { Billed } from '../functions/src/kernel/testing/meter.ts';
import { formatTable } from '../tools/local/table.ts';
import type { Verdict } from './budgets.ts';
import { describeVerdict } from './budgets.ts';
import type { BothSides, Comparison, Machine, OperationRun, Results } from './results.ts';
import { ratioOf, spreadOf } from './statistics.ts';

/** Everything a person wants to see of a run. */
export function formatResults({ machine, comparisons, operations, verdicts }: Results): string {
  return [
    describeMachine(machine),
    '',
    ...(operations.length === 0
      ? describeComparisons(comparisons)
      : [formatOperations(operations)]),
    '',
    formatVerdicts(verdicts),
  ].join('\n');
}

function describeComparisons(comparisons: readonly Comparison[]): string[] {
  return [
    formatComparisons(comparisons),
    '',
    'Medians (smallest–largest of the rounds) for one: one emit, one job, one import. ours ÷ raw: the ratio',
    'of the medians (smallest–largest of the pairs). CPU, queries: milliseconds of a core, and of waiting for',
    'queries, raw | ours. r/w: documents read and written.',
  ];
}

function secondsOf({ startedAtMs, endedAtMs }: OperationRun): number {
  return (endedAtMs - startedAtMs) / 1_000;
}

function formatOperations(operations: readonly OperationRun[]): string {
  return formatTable<OperationRun>(
    [
      { title: 'operation', read: ({ kind }) => kind },
      { title: 'rows', align: 'right', read: ({ rows }) => rows.toLocaleString('en') },
      { title: 's', align: 'right', read: (one) => secondsOf(one).toFixed(1) },
      { title: 'rows/s', align: 'right', read: (one) => (one.rows / secondsOf(one)).toFixed(0) },
      { title: 'MiB, most', align: 'right', read: ({ peakMiB }) => peakMiB.toFixed(0) },
      {
        title: 'r/w/d a row',
        align: 'right',
        read: ({ rows, billed: { reads, writes, deletes } }) =>
          [reads, writes, deletes].map((count) => (count / rows).toFixed(3)).join('/'),
      },
    ],
    operations,
  );
}

function describeMachine(machine: Machine): string {
  const { cpu, cores, memoryGiB, node, loadBefore, loadAfter, elapsedSeconds } = machine;
  const load = `load ${loadBefore.toFixed(2)} before, ${loadAfter.toFixed(2)} after`;
  const what = `${cores} cores (${cpu}), ${memoryGiB.toFixed(0)} GiB, Node ${node}`;
  const busy = 'Other work kept this machine busy: the times say little. Operations are exact.';
  const line = `${what}; ${load}; ${elapsedSeconds.toFixed(0)} s in all`;
  return loadBefore > cores / 2 ? `${line}\n${busy}` : line;
}

function formatComparisons(comparisons: readonly Comparison[]): string {
  return formatTable<Comparison>(
    [
      { title: 'what', read: ({ name }) => name },
      { title: 'rounds', align: 'right', read: ({ msForOne }) => String(msForOne.ours.length) },
      { title: 'raw, ms', align: 'right', read: ({ msForOne }) => formatSpread(msForOne.raw) },
      { title: 'ours, ms', align: 'right', read: ({ msForOne }) => formatSpread(msForOne.ours) },
      { title: 'ours ÷ raw', align: 'right', read: formatRatio },
      { title: 'ours/s', align: 'right', read: ({ msForOne }) => perSecond(msForOne.ours) },
      { title: 'CPU', align: 'right', read: (one) => formatBoth(one.cpuMsForOne) },
      { title: 'queries', align: 'right', read: (one) => formatBoth(one.queryMsForOne) },
      { title: 'raw r/w', align: 'right', read: (one) => formatBilled(one.billedForOne?.raw) },
      { title: 'ours r/w', align: 'right', read: (one) => formatBilled(one.billedForOne?.ours) },
    ],
    comparisons,
  );
}

function formatSpread(values: readonly number[]): string {
  const { median, min, max } = spreadOf(values);
  if (values.length === 1) return formatMs(median);
  return `${formatMs(median)} (${formatMs(min)}–${formatMs(max)})`;
}

function formatMs(ms: number): string {
  return ms.toFixed(ms < 100 ? 3 : 0);
}

function formatRatio({ msForOne: { ours, raw } }: Comparison): string {
  const { median, min, max } = ratioOf(ours, raw);
  const spread = ours.length === 1 ? '' : ` (${min.toFixed(2)}–${max.toFixed(2)})`;
  return `${median.toFixed(2)}${spread}`;
}

function perSecond(msForOne: readonly number[]): string {
  return Math.round(1_000 / spreadOf(msForOne).median).toLocaleString('en');
}

function formatBoth(both: BothSides<number> | undefined): string {
  return both === undefined ? '' : `${both.raw.toFixed(3)} | ${both.ours.toFixed(3)}`;
}

function formatBilled(billed: Billed | undefined): string {
  if (billed === undefined) return '';
  return `${formatCount(billed.reads)}/${formatCount(billed.writes)}`;
}

function formatCount(count: number): string {
  return Number.isInteger(count) ? String(count) : count.toFixed(3);
}

function formatVerdicts(verdicts: readonly Verdict[]): string {
  return formatTable<Verdict>(
    [
      { title: 'budget', read: ({ name }) => name },
      { title: 'limit', read: ({ kind, limit, unit }) => `${kind} ${limit}${unitOf(unit)}` },
      {
        title: 'measured',
        align: 'right',
        read: ({ kind, measured, unit }) =>
          `${kind === 'exactly' ? String(measured) : measured.toFixed(2)}${unitOf(unit)}`,
      },
      { title: 'verdict', read: describeVerdict },
      { title: '', read: ({ note = '' }) => note },
    ],
    verdicts,
  );
}

function unitOf(unit: string | undefined): string {
  return unit === undefined ? '' : ` ${unit}`;
}
