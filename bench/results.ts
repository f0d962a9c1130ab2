import type { Billed } from '../functions/src/kernel/testing/meter.ts';
import type { Verdict } from './budgets.ts';
import type { Rounds } from './rounds.ts';
import { spreadOf } from './statistics.ts';

export interface BothSides<T> {
  readonly raw: T;
  readonly ours: T;
}

/** One thing measured on both sides, round by round. */
export interface Comparison {
  readonly name: string;
  /** How often it is done in one round. */
  readonly count: number;
  /** Of a drain: how many jobs are due when it begins. */
  readonly dueJobs?: number;
  /** Milliseconds for one, by round. */
  readonly msForOne: Rounds<number>;
  /** Milliseconds of CPU for one that the process at work spent: the median of the rounds. */
  readonly cpuMsForOne: BothSides<number> | undefined;
  /** Milliseconds for one that went by in queries, with nothing else under way. */
  readonly queryMsForOne: BothSides<number> | undefined;
  /** What one bills; undefined where nothing is. */
  readonly billedForOne: BothSides<Billed> | undefined;
}

/** A long operation over rows that were written for it, in a process of its own. */
export interface OperationRun {
  readonly kind: string;
  /** What it was over. */
  readonly rows: number;
  readonly done: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly cpuMs: number;
  readonly queryMs: number;
  readonly billed: Billed;
  /** The most memory that the process ever had. */
  readonly peakMiB: number;
}

/** All that a run found. */
export interface Results {
  readonly machine: Machine;
  readonly isQuick: boolean;
  readonly comparisons: readonly Comparison[];
  readonly operations: readonly OperationRun[];
  readonly verdicts: readonly Verdict[];
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  /** Processes that wanted a core in the minute before the first and after the last measurement. */
  readonly loadBefore: number;
  readonly loadAfter: number;
  readonly elapsedSeconds: number;
}

/** What one of `count` bills. */
export function billedPerOne({ reads, writes, deletes }: Billed, count: number): Billed {
  return { reads: reads / count, writes: writes / count, deletes: deletes / count };
}

/** Milliseconds that one took, and that a core was busy with it. */
interface Round {
  readonly ms: number;
  readonly cpuMs: number;
}

export function msOf({ raw, ours }: Rounds<Round>): Rounds<number> {
  return { raw: raw.map(({ ms }) => ms), ours: ours.map(({ ms }) => ms) };
}

export function medianCpu({ raw, ours }: Rounds<Round>): BothSides<number> {
  const medianOf = (rounds: readonly Round[]): number =>
    spreadOf(rounds.map(({ cpuMs }) => cpuMs)).median;
  return { raw: medianOf(raw), ours: medianOf(ours) };
}
