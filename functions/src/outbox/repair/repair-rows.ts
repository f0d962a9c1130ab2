import { changeSlots } from '../controls/pause.ts';
import { withoutSlots } from '../model/controls.ts';
import { isInLine } from '../record/job-codec.ts';
import type { Worker } from '../processor/worker.ts';
import { hasTimeLeft } from '../processor/worker.ts';
import type { Controls, RawRow, Scan } from '../store.ts';
import type { RepairContext } from './decide-repair.ts';
import { decideRepair, repairContext } from './decide-repair.ts';

/** What a repair saw and did. */
export interface RepairReport {
  /** Rows looked at. */
  readonly seen: number;
  /** Rows that can be run again. */
  readonly mended: number;
  /** Rows that are no jobs: now dead letters, `malformed`. */
  readonly parked: number;
  /** Draining slots that were found empty and are read no more. */
  readonly retiredSlots: readonly number[];
  /** Whether it came to the end; else the time was over, and the next one begins anew. */
  readonly isComplete: boolean;
}

/** All but what was sent, of which there is the most. */
const EVERY_DAY: readonly Scan[] = ['pending', 'processing', 'failed', 'cancelled', 'no-status'];

/**
 * Looks through rows that are open or may be again, and rows whose status is none that there are, for what would never be found
 * again, and mends or parks it. `everything` looks through all rows: for what has no status at all.
 */
export async function repairRows(
  worker: Worker,
  { everything }: { readonly everything: boolean },
): Promise<RepairReport> {
  const controls = await keepSlots(worker);
  const context = repairContext(controls, worker.settings.slots);
  const counts = { seen: 0, mended: 0, parked: 0 };
  const slotsInUse = new Set<number>();
  const scans: readonly Scan[] = everything ? ['all'] : EVERY_DAY;
  for (const which of scans) {
    if (!(await repairAll(worker, which, { context, counts, slotsInUse }))) {
      return { ...counts, retiredSlots: [], isComplete: false };
    }
  }
  const draining = everything ? (controls.slots?.draining ?? []) : [];
  const retiredSlots = draining.filter((slot) => !slotsInUse.has(slot));
  if (retiredSlots.length > 0) {
    await worker.store.editControls((table) => withoutSlots(table, retiredSlots));
  }
  return { ...counts, retiredSlots, isComplete: true };
}

/**
 * Notes which slots are in force, where the settings of this deployment say others than were noted: what
 * falls away is read on until it is empty.
 */
async function keepSlots({ store, controls, settings: { slots } }: Worker): Promise<Controls> {
  const before = await controls.read();
  const { normal, bulk } = before.slots ?? { normal: 0, bulk: 0 };
  if (normal === slots.normal && bulk === slots.bulk) return before;
  await changeSlots(store, slots, before.slots ?? slots);
  return controls.read();
}

interface Repairing {
  readonly context: RepairContext;
  readonly counts: { seen: number; mended: number; parked: number };
  /** Where rows are that are due some day, or may be: all but those that were sent. */
  readonly slotsInUse: Set<number>;
}

async function repairAll(worker: Worker, which: Scan, repairing: Repairing): Promise<boolean> {
  const limit = worker.settings.pageSize;
  let afterId: string | undefined;
  while (hasTimeLeft(worker)) {
    const { rows } = await worker.store.scan(which, { afterId, limit });
    await Promise.all(rows.map((row) => repairRow(worker, row, repairing)));
    if (rows.length < limit) return true;
    afterId = rows.at(-1)?.id;
  }
  return false;
}

async function repairRow(
  worker: Worker,
  { id, data, fence }: RawRow,
  { context, counts, slotsInUse }: Repairing,
): Promise<void> {
  counts.seen += 1;
  // A dead letter may be sent round again, and is looked for where it is then.
  if (data['status'] !== 'sent' && typeof data['slot'] === 'number') slotsInUse.add(data['slot']);
  const repair = decideRepair(id, data, context);
  try {
    if (repair.kind === 'mend') {
      const written = await worker.store.write(fence, repair.next);
      if (written.kind === 'lost') return;
      counts.mended += 1;
      worker.logs.mended(id, repair.mended);
    }
    if (repair.kind === 'park' && !isParked(data)) {
      const { problem } = repair;
      const row = { kind: 'malformed', id, fence, problem, isInLine: isInLine(data) } as const;
      await worker.store.park(row, context.nowMs);
      counts.parked += 1;
      worker.logs.parked(row);
    }
  } catch (error) {
    worker.logs.rowFailed(id, error);
  }
}

/** Parked before, and still no job: a person has to look, and was told. */
function isParked(data: RawRow['data']): boolean {
  return data['status'] === 'failed' && data['nextAttemptAt'] === undefined;
}
