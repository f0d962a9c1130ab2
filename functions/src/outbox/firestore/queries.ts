import type { QueryShape } from '#kernel';

/** The first of a line. */
export const HEAD_QUERY: QueryShape = {
  collectionGroup: 'outbox',
  equals: ['orderingKey'],
  orderBy: ['sequence', 'asc'],
};

/** Dead letters that block their lines. */
export const BLOCKING_QUERY: QueryShape = { collectionGroup: 'outbox', equals: ['blocking'] };

/** Rows that a pause holds. */
export const PAUSED_QUERY: QueryShape = { collectionGroup: 'outbox', equals: ['pausedBy'] };

/** The due page: new work, retries and dead workers' leases alike, since all have a due time. */
export const DUE_QUERY: QueryShape = {
  collectionGroup: 'outbox',
  equals: ['slot'],
  orderBy: ['nextAttemptAt', 'asc'],
};
