import { backend } from './backend.ts';

/** Which of several workers this is; each has its share of the slots, as those have that a tick calls. */
export interface Share {
  readonly part: number;
  readonly of: number;
}

const FIRST_BULK_SLOT = 1_000;

export function normalSlotsOf({ part, of }: Share): number[] {
  return upTo(backend.processor.settings.slots.normal).filter((slot) => slot % of === part);
}

/** Normal and bulk slots. */
export function slotsOf(share: Share): number[] {
  return [...normalSlotsOf(share), ...bulkSlotsOf(share)];
}

/** The slots of operations, among others. */
export function bulkSlotsOf({ part, of }: Share): number[] {
  const bulk = upTo(backend.processor.settings.slots.bulk).filter((slot) => slot % of === part);
  return bulk.map((slot) => FIRST_BULK_SLOT + slot);
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}
