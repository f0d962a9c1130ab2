import { DAY_MS, HOUR_MS } from '#kernel';
import { OUTBOX } from '../../record/record-job.ts';
import { resumeAll } from './actors/controllers.ts';
import { TICK_EVERY_MS } from './tick-times.ts';
import { unblock } from './actors/operators.ts';
import type { Invocation } from './facts.ts';
import type { Tick } from './left-behind.ts';
import { areWorkersGone, checkLeftBehind, checkWorkersCame, dueRows } from './left-behind.ts';
import { checkLinesGoOn } from './lines-go-on.ts';
import { isBlocked } from './promises/lines.ts';
import type { World } from './world.ts';

/** How many undisturbed ticks may pass until everything has ended. */
const MAX_QUIET_TICKS = 1_000;
/** A row that no tick can find looks due for ever: this is when the maintenance comes. */
const TICKS_BETWEEN_REPAIRS = 40;
const LAST_DUE_MS = 10 * DAY_MS;

/** How the world's own calls are made, when nothing goes wrong any more. */
export interface QuietCalls {
  readonly tick: (tickAtMs: number) => Invocation;
  readonly maintain: () => Invocation;
}

/** The ticks go on undisturbed until nothing is open; then whoever still sleeps wakes up. */
export async function quieten(
  world: World,
  { tick, maintain }: QuietCalls,
  isBroken: () => boolean,
): Promise<void> {
  const { scheduler } = world;
  const outageMs = world.scenario.outageHours * HOUR_MS;
  await scheduler.runThrough(world.nowMs + outageMs, isBroken);
  for (let ticks = 0; ticks < MAX_QUIET_TICKS && !isBroken(); ticks += 1) {
    if (isAnythingPaused(world)) await finish(world, 'resume', resumeAll(world), isBroken);
    const isTime = ticks % TICKS_BETWEEN_REPAIRS === TICKS_BETWEEN_REPAIRS - 1;
    if (isTime || nextDueMs(world) === undefined) await tidyUp(world, maintain, isBroken);
    const dueMs = nextDueMs(world);
    if (dueMs === undefined || dueMs > world.nowMs + LAST_DUE_MS) return;
    const tickAtMs = tickAfter(world, dueMs);
    await scheduler.runThrough(tickAtMs, isBroken);
    const due = dueRows(world);
    await watch(world, { call: tick(tickAtMs), tickAtMs, due }, isBroken);
  }
}

/** Lets a tick and those it called come to their ends, and looks at what they left. */
async function watch(world: World, tick: Tick, isBroken: () => boolean): Promise<void> {
  await endOf(tick.call, world, isBroken);
  checkLeftBehind(world, tick);
  checkLinesGoOn(world, tick);
  await world.scheduler.runUntil(() => isBroken() || areWorkersGone(world, tick));
  if (!isBroken()) checkWorkersCame(world, tick);
}

/** What is left when nothing is due: zombies that sleep, dead letters in front of others, rows nobody finds. */
async function tidyUp(
  world: World,
  maintain: () => Invocation,
  isBroken: () => boolean,
): Promise<void> {
  await world.scheduler.runUntil(isBroken);
  await finish(world, 'unblock', unblock(world), isBroken);
  await endOf(maintain(), world, isBroken);
}

async function endOf(call: Invocation, world: World, isBroken: () => boolean): Promise<void> {
  const isOver = (): boolean => call.endedAtMs !== undefined || !call.process.isAlive;
  await world.scheduler.runUntil(() => isBroken() || isOver());
}

function isAnythingPaused({ judge }: World): boolean {
  return judge.ledger.pauses.some(({ isResuming }) => !isResuming);
}

/** Lets an operator's work come to its end. */
async function finish(
  world: World,
  label: string,
  work: Promise<unknown>,
  isBroken: () => boolean,
): Promise<void> {
  let isDone = false;
  world.start(label, work, () => {
    isDone = true;
  });
  await world.scheduler.runUntil(() => isDone || isBroken());
}

/**
 * When the first row is due that no dead letter blocks, or at once while a pause is being resumed;
 * undefined when there is nothing more to do.
 */
function nextDueMs({ documents, nowMs, judge: { ledger } }: World): number | undefined {
  if (ledger.pauses.length > 0) return nowMs;
  const due = documents.list(OUTBOX).flatMap(([path, { data }]) => {
    const { nextAttemptAt } = data;
    if (!(nextAttemptAt instanceof Date)) return [];
    const job = ledger.job(path.slice(OUTBOX.length + 1));
    return isBlocked(job, ledger) ? [] : [nextAttemptAt.getTime()];
  });
  return due.length === 0 ? undefined : Math.min(...due);
}

/** A tick that finds nothing changes nothing: the next that matters is the first after `dueMs`. */
function tickAfter({ scheduler: { nowMs, startMs } }: World, dueMs: number): number {
  const fromMs = Math.max(nowMs + 1, dueMs);
  return startMs + Math.ceil((fromMs - startMs) / TICK_EVERY_MS) * TICK_EVERY_MS;
}
