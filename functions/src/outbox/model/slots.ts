import { createHash } from 'node:crypto';

/** How many slots of each kind spread the index of due jobs: at least one. */
export interface SlotCounts {
  /** For what has to be run soon. */
  readonly normal: number;
  /** For what must not hold up the rest. */
  readonly bulk: number;
}

/** The slots in force, as operators set them; `draining` are read until they are empty, and not written. */
export interface SlotTable extends SlotCounts {
  readonly draining: readonly number[];
}

/** A slot is one of two kinds: bulk slots hold what must not hold up the rest. */
export type SlotKind = 'normal' | 'bulk';

/** Number of the first bulk slot. */
const BULK_SLOT_BASE = 1_000;

/** Slots of one kind at most; more would run into the numbers of the other. */
export const MAX_SLOTS = BULK_SLOT_BASE;

/** Whether there can be so many slots of one kind. */
export function isSlotCount(count: number): boolean {
  return Number.isInteger(count) && count >= 1 && count <= MAX_SLOTS;
}

/** The normal slot of a job: a hash of its id, so that a rising due time does not heat one index range. */
export function slotOf(jobId: string, slots: SlotCounts): number {
  return hashOf(jobId) % slots.normal;
}

/** The bulk slot of a job: one of two of its tenant's, so that no tenant's bulk fills them all. */
export function bulkSlotOf(orgId: string, jobId: string, slots: SlotCounts): number {
  const ofTwo = hashOf(jobId) % 2;
  return BULK_SLOT_BASE + ((hashOf(orgId) + ofTwo) % slots.bulk);
}

export function isBulkSlot(slot: number): boolean {
  return slot >= BULK_SLOT_BASE;
}

/** The slots of a kind that have to be read, in order. */
export function slotsToRead(
  kind: SlotKind,
  ...tables: readonly (SlotTable | SlotCounts)[]
): number[] {
  const first = kind === 'normal' ? 0 : BULK_SLOT_BASE;
  const inForce = tables.flatMap((table) =>
    Array.from({ length: table[kind] }, (_, index) => first + index),
  );
  const draining = tables
    .flatMap((table) => ('draining' in table ? table.draining : []))
    .filter((slot) => isBulkSlot(slot) === (kind === 'bulk'));
  return [...new Set([...inForce, ...draining])].toSorted((a, b) => a - b);
}

/** Slots dealt out to at most `parts` workers, each to one; nobody gets none. */
export function shareSlots(slots: readonly number[], parts: number): number[][] {
  return Array.from({ length: Math.min(parts, slots.length) }, (_, part) =>
    slots.filter((__, index) => index % parts === part),
  );
}

function hashOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0);
}
