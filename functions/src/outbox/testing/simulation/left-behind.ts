import { HOUR_MS, SECOND_MS } from '#kernel';
import { OUTBOX } from '../../record/record-job.ts';
import { nextTickMs } from './tick-times.ts';
import type { Invocation } from './facts.ts';
import { settingsOf } from './scenario.ts';
import type { AskedCall } from './worker-calls.ts';
import type { World } from './world.ts';

/** What a tick has of its 110 s. */
export const TICK_BUDGET_MS = 88 * SECOND_MS;
/** What of that the normal slots are sure of: the rest is kept for the bulk slots. */
const NORMAL_BUDGET_MS = TICK_BUDGET_MS * 0.8;
/** How far back a tick looks that has looked at everything within the hour. */
const LOOK_BACK_MS = 2 * HOUR_MS;
const LARGE_BUDGET = 100;

/** A row that was due when a tick began: where, and as what version. */
export interface DueRow {
  readonly path: string;
  readonly version: number;
  readonly slot: number;
}

/** Every row that a tick which starts now must find. */
export function dueRows({ documents, nowMs, judge }: World): DueRow[] {
  const due = documents.list(OUTBOX).filter(([path, { data }]) => {
    // Nonsense may be where nobody looks.
    if (judge.ledger.job(path.slice(OUTBOX.length + 1)).isVandalised) return false;
    const { nextAttemptAt } = data;
    const dueMs = nextAttemptAt instanceof Date ? nextAttemptAt.getTime() : Infinity;
    return dueMs <= nowMs && dueMs > nowMs - LOOK_BACK_MS;
  });
  return due.map(([path, { data, version }]) => ({ path, version, slot: Number(data['slot']) }));
}

/** A tick that was made, and what was due when it began. */
export interface Tick {
  readonly call: Invocation;
  readonly tickAtMs: number;
  readonly due: readonly DueRow[];
}

/**
 * Every visit moves the row: what was due before an undisturbed tick is not as it was after it, but where
 * it called workers.
 */
export function checkLeftBehind(world: World, { call, tickAtMs, due }: Tick): void {
  if (!wasInPeace(world, call)) return;
  const handedOff = slotsHandedOff(world, { call, tickAtMs });
  const kept = due.filter(({ slot }) => !handedOff.has(slot));
  for (const { path } of unmoved(world, kept)) {
    world.judge.accuse('a tick leaves nothing due behind', `${path} by ${call.name}`);
  }
}

/** The slots that a tick called workers for. */
function slotsHandedOff(world: World, tick: Pick<Tick, 'call' | 'tickAtMs'>): Set<number> {
  const asked = callsFor(world, tick).filter(({ by }) => by === tick.call.process);
  const { maxWorkers } = world.scenario;
  const ids = new Set(asked.flatMap(({ id, task: { hop } }) => (hop === 0 ? [id] : [])));
  if (ids.size > maxWorkers) {
    world.judge.accuse('a tick calls no more workers than there may be', `${ids.size}`);
  }
  return new Set(asked.flatMap(({ task }) => task.slots));
}

function callsFor(world: World, { tickAtMs }: Pick<Tick, 'tickAtMs'>): AskedCall[] {
  return world.calls.asked.filter(
    ({ task, answer }) => task.sinceMs === tickAtMs && answer !== undefined,
  );
}

/** Whether every worker that was called for a tick has come, and gone again. */
export function areWorkersGone(world: World, tick: Tick): boolean {
  const called = new Set(
    callsFor(world, tick).flatMap(({ id, answer }) => (answer === 'enqueued' ? [id] : [])),
  );
  const workers = workersFor(world, tick);
  return workers.length >= called.size && workers.every(isGone);
}

function isGone({ endedAtMs, process }: Invocation): boolean {
  return endedAtMs !== undefined || !process.isAlive;
}

function workersFor(world: World, { tickAtMs }: Tick): Invocation[] {
  return world.calls.workers.flatMap(({ task, call }) => (task.sinceMs === tickAtMs ? [call] : []));
}

/** Where nothing went wrong and there was time enough, the workers leave nothing behind either. */
export function checkWorkersCame(world: World, tick: Tick): void {
  const { call, tickAtMs, due } = tick;
  const calls = [call, ...workersFor(world, tick)];
  const wasPeace = calls.every(
    ({ process, startedAtMs }) => !process.isDisturbedSince(startedAtMs),
  );
  // From then on it is the next tick's.
  if (!wasPeace || world.nowMs >= nextTickMs(world.scheduler.startMs, tickAtMs)) return;
  const handedOff = slotsHandedOff(world, tick);
  for (const { path } of unmoved(
    world,
    due.filter(({ slot }) => handedOff.has(slot)),
  )) {
    world.judge.accuse('workers leave nothing due behind', `${path}, called by ${call.name}`);
  }
}

function unmoved({ documents }: World, due: readonly DueRow[]): DueRow[] {
  return due.filter(({ path, version }) => documents.get(path)?.version === version);
}

/** Whether nothing happened to it, and neither its time nor its budget was spent. */
export function wasInPeace({ scenario }: World, call: Invocation): boolean {
  const { startedAtMs, endedAtMs = Infinity, process } = call;
  const { maxJobsPerRun, timeoutMs, startMarginMs } = settingsOf(scenario);
  const leftMs = NORMAL_BUDGET_MS - (endedAtMs - startedAtMs);
  if (leftMs < timeoutMs + startMarginMs || process.isDisturbedSince(startedAtMs)) return false;
  // Children that it runs count, too: where the budget is small it may well be spent.
  return maxJobsPerRun >= LARGE_BUDGET;
}
