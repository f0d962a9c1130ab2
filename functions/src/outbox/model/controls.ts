import type { OutboxJob } from './job.ts';
import type { SlotCounts, SlotTable } from './slots.ts';
import { slotsToRead } from './slots.ts';

/** Holds back the jobs of a type, of a tenant, or of a type of a tenant. */
export interface Pause {
  /** What it holds back, as text: stored in every row it holds. */
  readonly id: string;
  readonly jobType?: string | undefined;
  readonly orgId?: string | undefined;
  /** Who asked for it, and why: for whoever finds it at night. */
  readonly by: string;
  readonly reason: string;
  readonly atMs: number;
  /** Set while its rows are being made due again; new ones are not held back any more. */
  readonly resumingSinceMs?: number | undefined;
}

/** What operators set for all workers. */
export interface ControlTable {
  /** The slots in force; undefined while nobody changed them from the settings. */
  readonly slots: SlotTable | undefined;
  readonly pauses: readonly Pause[];
}

/** What is to be paused. At least one of the two. */
export interface PauseTarget {
  /** Jobs of this type only. */
  readonly jobType?: string | undefined;
  /** Jobs of this tenant only. */
  readonly orgId?: string | undefined;
}

/** The id of the pause of a target: `jobType:<type>`, `org:<orgId>`, or both. */
export function pauseId({ jobType, orgId }: PauseTarget): string {
  const parts = [
    ...(jobType === undefined ? [] : [`jobType:${jobType}`]),
    ...(orgId === undefined ? [] : [`org:${orgId}`]),
  ];
  return parts.join('/');
}

/** The pause that holds a job back, if one does. */
export function pauseOf(
  job: Pick<OutboxJob, 'jobType' | 'orgId'>,
  pauses: readonly Pause[],
): Pause | undefined {
  return pauses.find(
    ({ jobType, orgId, resumingSinceMs }) =>
      resumingSinceMs === undefined &&
      (jobType === undefined || jobType === job.jobType) &&
      (orgId === undefined || orgId === job.orgId),
  );
}

/** With a pause more; one for the same target is replaced. */
export function withPause(table: ControlTable, pause: Pause): ControlTable {
  return { ...table, pauses: [...table.pauses.filter(({ id }) => id !== pause.id), pause] };
}

/** The pause's rows are to be made due again from now on. */
export function withResuming(table: ControlTable, id: string, nowMs: number): ControlTable {
  const pauses = table.pauses.map((pause) =>
    pause.id === id ? { ...pause, resumingSinceMs: pause.resumingSinceMs ?? nowMs } : pause,
  );
  return { ...table, pauses };
}

/** Without a pause, if it still is the one that was resumed then: somebody may have paused again. */
export function withoutPause(table: ControlTable, resumed: Pause): ControlTable {
  const pauses = table.pauses.filter(
    ({ id, resumingSinceMs }) => id !== resumed.id || resumingSinceMs !== resumed.resumingSinceMs,
  );
  return { ...table, pauses };
}

/**
 * With other slots in force. Those that are no longer written are read on until they are empty.
 * `before`: what was in force by the settings, where nobody had changed them yet.
 */
export function withSlots(
  table: ControlTable,
  counts: SlotCounts,
  before: SlotCounts,
): ControlTable {
  const kept = new Set(allSlots(counts));
  const draining = allSlots(table.slots ?? before).filter((slot) => !kept.has(slot));
  return { ...table, slots: { normal: counts.normal, bulk: counts.bulk, draining } };
}

/** Without draining slots that were found empty. A row that gets there after all is moved by repair. */
export function withoutSlots(table: ControlTable, empty: readonly number[]): ControlTable {
  if (table.slots === undefined) return table;
  const draining = table.slots.draining.filter((slot) => !empty.includes(slot));
  return { ...table, slots: { ...table.slots, draining } };
}

function allSlots(slots: SlotTable | SlotCounts): number[] {
  return [...slotsToRead('normal', slots), ...slotsToRead('bulk', slots)];
}
