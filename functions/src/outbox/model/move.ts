import type { OutboxJob } from './job.ts';

/**
 * The proof that a row is still as it was read: its last write time. Opaque outside its store.
 * Every write carries it, so a decision on an old state is never written over a newer one.
 */
export type Fence = { readonly __fence: 'opaque' };

/** A row to be deleted, if it still is as it was when that was decided. */
export interface Removal {
  readonly id: string;
  readonly fence: Fence;
}

/** A row to be brought to another state, if it still is as it was when that was decided. */
export interface Move {
  readonly fence: Fence;
  readonly next: OutboxJob;
}
