import type { Replayable } from '../kinds/replay-params.ts';

/** When the operations of these tests began. */
export const STARTED = new Date(1_893_456_000_000);
/** Of an organization that has archived and restored. */
export const state = { events: 3, archived: 4, writtenAt: { seconds: 1, nanoseconds: 2 } };
const plain: Replayable = {
  takes: (eventType) => eventType === 'invoice.sent',
  isOrdered: false,
  hasSideEffects: false,
  counts: false,
};
/** One of each kind; `totals` counts. */
export const subscriptions = new Map([
  ['mirror', plain],
  ['lined', { ...plain, isOrdered: true }],
  ['webhook', { ...plain, hasSideEffects: true }],
  ['totals', { ...plain, counts: true }],
]);
