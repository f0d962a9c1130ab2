import type { QueryShape } from '#kernel';

/** What instances wrote, newest window first. */
export const WINDOWS_BY_TIME: QueryShape = {
  collectionGroup: 'outbox_metrics',
  equals: [],
  orderBy: ['windowAt', 'desc'],
};

/** What the instances wrote that ran scheduled sweeps, the newest sweep first. */
export const TICKS_BY_TIME: QueryShape = {
  collectionGroup: 'outbox_metrics',
  equals: [],
  orderBy: ['lastTickAt', 'desc'],
};
