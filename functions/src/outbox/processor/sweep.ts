import { HOUR_MS, ServerTime } from '#kernel';
import { slotNumbers } from '../model/job-id.ts';
import type { SlotCounts } from '../model/job-id.ts';
import { isSuspect } from '../model/pickup.ts';
import type { Row } from '../store.ts';
import type { VisitEnd } from './visit.ts';
import { visit } from './visit.ts';
import type { Worker } from './worker.ts';
import { hasTimeLeft } from './worker.ts';

/** Firestore's limit of values in one `in` (https://firebase.google.com/docs/firestore/query-data/queries). */
const MAX_SLOTS_PER_QUERY = 30;
/**
 * How far back a read looks. Index entries of finished rows have to be skipped by every read that
 * starts at zero; what is overdue by more than this is found by the read from zero once an hour.
 */
const LOOK_BACK_MS = 2 * HOUR_MS;
const FROM_ZERO_EVERY_MS = HOUR_MS;

/** What an instance remembers from sweep to sweep. */
export interface SweepMemory {
  /** When a read from zero last saw everything there was. */
  lastFromZeroElapsedMs: number | undefined;
}

/** How many rows a sweep saw, and how many ended each way. */
export interface SweepReport {
  readonly read: number;
  readonly ends: Readonly<Partial<Record<VisitEnd, number>>>;
}

/**
 * One pass over everything due: new jobs the trigger missed, retries, leases of dead workers.
 * Reads three documents when there is nothing to do: the controls, a normal and a bulk page.
 */
export async function sweep(worker: Worker, memory: SweepMemory): Promise<SweepReport> {
  const controls = await worker.store.readControls();
  const time = new ServerTime(worker.clock, controls.readAtMs);
  const slots = controls.slots ?? worker.settings.slots;
  const startedElapsedMs = worker.clock.elapsedMs();
  const fromZero = isFromZeroDue(memory, startedElapsedMs);
  const sinceMs = fromZero ? 0 : time.nowMs() - LOOK_BACK_MS;
  let isComplete = true;
  const tally = new Tally(worker.settings.maxJobsPerRun);
  for (const kind of ['normal', 'bulk'] as const) {
    for (const group of groupsOf(slots, kind)) {
      const sawAll = await sweepSlots(worker, group, { sinceMs, time, tally });
      isComplete &&= sawAll;
    }
  }
  // What a read from zero did not get to is older than the next would look back.
  if (fromZero && isComplete) memory.lastFromZeroElapsedMs = startedElapsedMs;
  const report = tally.report();
  worker.logs.swept(worker.by, { read: report.read, ...report.ends });
  return report;
}

function isFromZeroDue({ lastFromZeroElapsedMs: last }: SweepMemory, elapsedMs: number): boolean {
  return last === undefined || elapsedMs - last > FROM_ZERO_EVERY_MS;
}

function groupsOf(slots: SlotCounts, kind: keyof SlotCounts): number[][] {
  const numbers = slotNumbers(slots, kind);
  const groups: number[][] = [];
  for (let from = 0; from < numbers.length; from += MAX_SLOTS_PER_QUERY) {
    groups.push(numbers.slice(from, from + MAX_SLOTS_PER_QUERY));
  }
  return groups;
}

/**
 * Pages through the due rows of some slots until a page is not full, or the budget or the time is
 * spent; says whether it saw them all.
 */
async function sweepSlots(
  worker: Worker,
  slots: readonly number[],
  { sinceMs, time, tally }: { sinceMs: number; time: ServerTime; tally: Tally },
): Promise<boolean> {
  let fromMs = sinceMs;
  while (tally.left > 0 && hasTimeLeft(worker)) {
    const limit = Math.min(worker.settings.pageSize, tally.left);
    const page = await worker.store.findDue({ slots, fromMs, throughMs: time.nowMs(), limit });
    await visitPage(worker, page.rows, new ServerTime(worker.clock, page.readAtMs), tally);
    if (page.rows.length < limit) return true;
    fromMs = dueOf(page.rows.at(-1)) ?? fromMs;
  }
  return false;
}

function dueOf(row: Row | undefined): number | undefined {
  return row?.kind === 'job' ? row.job.nextAttemptAt : undefined;
}

/** Everything innocent first, many at a time; then the suspects, one at a time, with nobody beside them. */
async function visitPage(
  worker: Worker,
  rows: readonly Row[],
  time: ServerTime,
  tally: Tally,
): Promise<void> {
  const suspects = rows.filter((row) => row.kind === 'job' && isSuspect(row.job));
  const others = rows.filter((row) => !suspects.includes(row));
  await Promise.all(others.map(async (row) => tally.add(await visit(worker, row, time))));
  for (const row of suspects) tally.add(await visit(worker, row, time));
}

/** Counts what a sweep did, and what of its budget is left. */
class Tally {
  readonly #budget: number;
  #read = 0;
  readonly #ends: Partial<Record<VisitEnd, number>> = {};

  constructor(budget: number) {
    this.#budget = budget;
  }

  get left(): number {
    return this.#budget - this.#read;
  }

  add(ends: readonly VisitEnd[]): void {
    this.#read += 1;
    for (const end of ends) this.#ends[end] = (this.#ends[end] ?? 0) + 1;
  }

  report(): SweepReport {
    return { read: this.#read, ends: this.#ends };
  }
}
