import { HOUR_MS, ServerTime } from '#kernel';
import type { SlotKind } from '../model/slots.ts';
import { slotsToRead } from '../model/slots.ts';
import { Shares } from '../model/surplus.ts';
import type { Pass } from './paging.ts';
import { pageBulk, pageNormal } from './paging.ts';
import { resumePaused } from './resume-paused.ts';
import type { SweepReport } from './tally.ts';
import { Tally } from './tally.ts';
import type { Worker } from './worker.ts';

/** Firestore's limit of values in one `in` (https://firebase.google.com/docs/firestore/query-data/queries). */
const MAX_SLOTS_PER_QUERY = 30;
/**
 * How far back a read looks. Index entries of finished rows have to be skipped by every read that
 * starts at zero; what is overdue by more than this is found by the read from zero once an hour.
 */
const LOOK_BACK_MS = 2 * HOUR_MS;
const FROM_ZERO_EVERY_MS = HOUR_MS;
/** What bulk work is sure of, of the jobs that one sweep runs. */
const BULK_SHARE = 0.2;

/** What an instance remembers from sweep to sweep. */
export interface SweepMemory {
  /** When a read from zero last saw everything there was. */
  lastFromZeroElapsedMs: number | undefined;
}

/**
 * One pass over everything due: new jobs the trigger missed, retries, leases of dead workers.
 * Reads three documents when there is nothing to do: the controls, a normal and a bulk page.
 */
export async function sweep(worker: Worker, memory: SweepMemory): Promise<SweepReport> {
  const { settings } = worker;
  const controls = await worker.controls.read();
  const time = new ServerTime(worker.clock, controls.readAtMs);
  const startedElapsedMs = worker.clock.elapsedMs();
  const fromZero = isFromZeroDue(memory, startedElapsedMs);
  const tally = new Tally(settings.maxJobsPerRun);
  const inForce = controls.slots ?? settings.slots;
  const sinceMs = fromZero ? 0 : time.nowMs() - LOOK_BACK_MS;
  const shares = new Shares(settings.pageSize);
  const pass: Pass = { sinceMs, time, tally, shares, slots: inForce };
  // An emitter goes by its settings, which may be a deployment ahead of, or behind, what is in force.
  const slots = (kind: SlotKind): number[] => slotsToRead(kind, inForce, settings.slots);

  for (const pause of controls.pauses) await resumePaused(worker, pause);
  const reserve = Math.ceil(settings.maxJobsPerRun * BULK_SHARE);
  let sawNormal = await inGroups(slots('normal'), (group) =>
    pageNormal(worker, pass, { slots: group, reserve }),
  );
  const sawBulk = await inGroups(slots('bulk'), (group) =>
    pageBulk(worker, pass, { slots: group, reserve: 0 }),
  );
  // What bulk work did not need of its share.
  sawNormal ||= await inGroups(slots('normal'), (group) =>
    pageNormal(worker, pass, { slots: group, reserve: 0 }),
  );
  // What a read from zero did not get to is older than the next would look back.
  if (fromZero && sawNormal && sawBulk) memory.lastFromZeroElapsedMs = startedElapsedMs;
  const report = tally.report();
  worker.logs.swept(worker.by, { read: report.read, ...report.ends });
  return report;
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
