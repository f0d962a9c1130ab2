import type { Billed } from '../../functions/src/kernel/testing/meter.ts';
import type { BothSides, Comparison } from '../results.ts';
import { billedPerOne, medianCpu, msOf } from '../results.ts';
import type { Rounds, Sides } from '../rounds.ts';
import { alternate } from '../rounds.ts';
import type { Stage } from '../stage.ts';
import { spreadOf } from '../statistics.ts';

/** A backlog, who works on it, and with what handler. */
export interface DrainCase {
  /** How many are due. */
  readonly jobs: number;
  /** How many of them are run; all where not said. A multiple of a sweep's and a page's size. */
  readonly drained?: number;
  readonly rounds: number;
  /** Rounds that are not counted; 2 where not said. */
  readonly warmUps?: number;
  readonly workers?: 1 | 2;
  readonly handlerMs?: number;
  /** The jobs stand in this many lines. */
  readonly streams?: number;
}

/** What one job took; `billed` is for all of them. */
interface DrainRound {
  readonly ms: number;
  readonly cpuMs: number;
  readonly queryMs: number;
  readonly billed: Billed;
}

/** What warms up: as many jobs as compile what runs often; a large backlog would only take longer. */
const WARM_UP_JOBS = 1_000;
const WARM_UP_ROUNDS = 2;

/** Drains the same backlog by the raw calls and by the engine, in turn. */
export async function compareDrain(stage: Stage, drainCase: DrainCase): Promise<Comparison> {
  const { rounds, drained: _, ...rest } = drainCase;
  const warmUp = { ...rest, rounds, jobs: Math.min(rest.jobs, WARM_UP_JOBS) };
  const count = drainCase.drained ?? drainCase.jobs;
  await alternate(sidesOf(stage, warmUp), drainCase.warmUps ?? WARM_UP_ROUNDS);
  const measured = await alternate(sidesOf(stage, drainCase), rounds);
  return {
    name: nameOf(drainCase),
    count,
    dueJobs: drainCase.jobs,
    msForOne: msOf(measured),
    cpuMsForOne: medianCpu(measured),
    queryMsForOne: queryTimeOf(drainCase, measured),
    billedForOne: { raw: meanOf(measured.raw, count), ours: meanOf(measured.ours, count) },
  };
}

function sidesOf(stage: Stage, drainCase: DrainCase): Sides<DrainRound> {
  return {
    raw: () => drainOnce(stage, drainCase, 'drainRaw'),
    ours: () => drainOnce(stage, drainCase, 'drain'),
  };
}

/** `drain 4,000 of 20,000, 1 worker` or `drain 1,000, 1 worker, in 100 lines`. */
export function nameOf(drainCase: DrainCase): string {
  const { jobs, drained, workers = 1, handlerMs = 0, streams } = drainCase;
  const parts = [
    `drain ${drained === undefined ? '' : `${format(drained)} of `}${format(jobs)}`,
    workers === 1 ? '1 worker' : `${workers} workers`,
    ...(handlerMs === 0 ? [] : [`${handlerMs} ms each`]),
    ...(streams === undefined ? [] : [`in ${format(streams)} line${plural(streams)}`]),
  ];
  return parts.join(', ');
}

function format(count: number): string {
  return count.toLocaleString('en');
}

function plural(count: number): string {
  return count === 1 ? '' : 's';
}

async function drainOnce(
  stage: Stage,
  { jobs, drained: count = jobs, workers = 1, handlerMs = 0, streams }: DrainCase,
  side: 'drain' | 'drainRaw',
): Promise<DrainRound> {
  await stage.workers[0].ask('seed', { jobs, streams });
  // Each worker stops at its part; one that is to run all stops when there is nothing left.
  const atMost = count === jobs ? undefined : count / workers;
  const input = { handlerMs, isOrdered: streams !== undefined, atMost };
  const atWork = stage.workers.slice(0, workers);
  const drained = await Promise.all(
    atWork.map((worker, part) => worker.ask(side, { ...input, share: { part, of: workers } })),
  );
  const sent = sum(drained.map((one) => one.sent));
  if (sent !== count) throw new Error(`${side} ran ${sent} jobs where ${count} were to be run.`);
  const startedAtMs = Math.min(...drained.map((one) => one.startedAtMs));
  const endedAtMs = Math.max(...drained.map((one) => one.endedAtMs));
  const billed = {
    reads: sum(drained.map((one) => one.billed.reads)),
    writes: sum(drained.map((one) => one.billed.writes)),
    deletes: sum(drained.map((one) => one.billed.deletes)),
  };
  return {
    ms: (endedAtMs - startedAtMs) / count,
    cpuMs: sum(drained.map((one) => one.cpuMs)) / count,
    queryMs: sum(drained.map((one) => one.queryMs)) / count,
    billed,
  };
}

/** With several workers or lines queries overlap with everything else, and their sum says nothing. */
function queryTimeOf(
  { workers = 1, streams }: DrainCase,
  { raw, ours }: Rounds<DrainRound>,
): BothSides<number> | undefined {
  if (workers > 1 || streams !== undefined) return undefined;
  const medianOf = (rounds: readonly DrainRound[]): number =>
    spreadOf(rounds.map(({ queryMs }) => queryMs)).median;
  return { raw: medianOf(raw), ours: medianOf(ours) };
}

function meanOf(rounds: readonly DrainRound[], jobs: number): Billed {
  const count = jobs * rounds.length;
  return billedPerOne(
    {
      reads: sum(rounds.map(({ billed }) => billed.reads)),
      writes: sum(rounds.map(({ billed }) => billed.writes)),
      deletes: sum(rounds.map(({ billed }) => billed.deletes)),
    },
    count,
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
