import { HOUR_MS, ServerTime } from '#kernel';
import { isBulkSlot, slotsToRead } from '../model/slots.ts';
import { TenantShares } from '../model/tenant-shares.ts';
import type { Controls } from '../store.ts';
import type { Pass } from './paging.ts';
import { pageBulk, pageNormal } from './paging.ts';
import { OwnSlots } from './own-slots.ts';
import { resumePaused } from './resume-paused.ts';
import { handOff } from './call-workers.ts';
import type { SweepReport } from './tally.ts';
import { Tally } from './tally.ts';
import type { Worker } from './worker.ts';
import { elapsedAfter } from './worker.ts';

/** Firestore's limit of values in one `in` (https://firebase.google.com/docs/firestore/query-data/queries). */
const MAX_SLOTS_PER_QUERY = 30;
/**
 * How far back a read looks. Index entries of finished rows have to be skipped by every read that
 * starts at zero; what is overdue by more than this is found by the read from zero once an hour.
 */
const LOOK_BACK_MS = 2 * HOUR_MS;
const FROM_ZERO_EVERY_MS = HOUR_MS;
/** What bulk work is sure of, of the jobs that one sweep runs and of its time. */
const BULK_SHARE = 0.2;
/** What resuming takes of a sweep's time at most: there may be more paused rows than one can get through. */
const RESUME_SHARE = 0.2;

/** What an instance remembers from sweep to sweep of the same slots. */
export interface SweepMemory {
  /** When a read from zero last saw everything there was. */
  lastFromZeroElapsedMs: number | undefined;
}

/** Which sweep this is. */
export interface SweepScope {
  /** When this tick was scheduled: a backlog is shared with workers that are called for it. */
  readonly tickAtMs?: number | undefined;
  /** Only these slots; default all. */
  readonly slots?: readonly number[] | undefined;
  /** Not after this time. */
  readonly untilMs?: number | undefined;
}

/**
 * One pass over everything due: new jobs the trigger missed, retries, leases of dead workers.
 * Reads three documents when there is nothing to do: the controls, a normal and a bulk page.
 */
export async function sweep(
  worker: Worker,
  memory: SweepMemory,
  scope: SweepScope = {},
): Promise<SweepReport> {
  const startedElapsedMs = worker.clock.elapsedMs();
  const controls = await worker.controls.read();
  const time = new ServerTime(worker.clock, controls.readAtMs);
  const fromZero = isFromZeroDue(memory, startedElapsedMs);
  const pass = openPass(worker, scope, { controls, time, fromZero });

  if (time.nowMs() >= (scope.untilMs ?? Infinity)) return reportOf(worker, pass, true);
  if (scope.slots === undefined) {
    const untilElapsedMs = elapsedAfter(worker, RESUME_SHARE);
    for (const pause of controls.pauses) await resumePaused(worker, pause, untilElapsedMs);
  }
  const isComplete = await workThrough(worker, pass);
  // What a read from zero did not get to is older than the next would look back.
  if (fromZero && isComplete && pass.ownSlots.isWhole)
    memory.lastFromZeroElapsedMs = startedElapsedMs;
  return reportOf(worker, pass, isComplete);
}

function reportOf(worker: Worker, { tally, time }: Pass, isComplete: boolean): SweepReport {
  const report = tally.report({ isComplete, endedAtMs: time.nowMs() });
  worker.logs.swept(worker.by, { read: report.read, ...report.ends });
  return report;
}

/** What a sweep found when it began. */
interface Beginning {
  readonly controls: Controls;
  readonly time: ServerTime;
  readonly fromZero: boolean;
}

function openPass(worker: Worker, scope: SweepScope, begun: Beginning): Pass {
  const { settings } = worker;
  const { controls, time, fromZero } = begun;
  const { tickAtMs } = scope;
  const slots = controls.slots ?? settings.slots;
  // An emitter goes by its settings, which may be a deployment ahead of, or behind, what is in force.
  const read = [
    ...slotsToRead('normal', slots, settings.slots),
    ...slotsToRead('bulk', slots, settings.slots),
  ].filter((slot) => isAsked(slot, scope));
  const ownSlots = new OwnSlots(read, async (all) =>
    tickAtMs === undefined ? all : handOff(worker, all, { tickAtMs, nowMs: time.nowMs() }),
  );
  return {
    sinceMs: fromZero ? 0 : time.nowMs() - LOOK_BACK_MS,
    time,
    slots,
    ownSlots,
    tally: new Tally(settings.maxJobsPerRun),
    tenantShares: new TenantShares(settings.pageSize),
  };
}

/** Normal work, then bulk work, then normal work with what bulk work has left; whether that was all. */
async function workThrough(worker: Worker, pass: Pass): Promise<boolean> {
  const normal = pass.ownSlots.all.filter((slot) => !isBulkSlot(slot));
  const bulk = pass.ownSlots.all.filter(isBulkSlot);
  const reserve = Math.ceil(worker.settings.maxJobsPerRun * BULK_SHARE);
  const first = { ...worker, endsAtElapsedMs: elapsedAfter(worker, 1 - BULK_SHARE) };
  let sawNormal = await inGroups(normal, (slots) => pageNormal(first, pass, { slots, reserve }));
  // There is time again for what there was no time for in its share.
  sawNormal &&= !pass.tally.hasLeftAny;
  const sawBulk = await inGroups(bulk, (slots) => pageBulk(worker, pass, { slots, reserve: 0 }));
  sawNormal ||= await inGroups(normal, (slots) => pageNormal(worker, pass, { slots, reserve: 0 }));
  return sawNormal && sawBulk;
}

function isAsked(slot: number, { slots }: SweepScope): boolean {
  return slots === undefined || slots.includes(slot);
}

function isFromZeroDue({ lastFromZeroElapsedMs: last }: SweepMemory, elapsedMs: number): boolean {
  return last === undefined || elapsedMs - last > FROM_ZERO_EVERY_MS;
}

/** More slots than one query takes are more queries. */
async function inGroups(
  slots: readonly number[],
  page: (group: readonly number[]) => Promise<boolean>,
): Promise<boolean> {
  let sawAll = true;
  for (let from = 0; from < slots.length; from += MAX_SLOTS_PER_QUERY) {
    const sawGroup = await page(slots.slice(from, from + MAX_SLOTS_PER_QUERY));
    sawAll &&= sawGroup;
  }
  return sawAll;
}
