import type { QueryShape } from '#kernel';

/** A line, from its head. */
export const LINE_QUERY: QueryShape = {
  collectionGroup: 'outbox',
  equals: ['orderingKey'],
  orderBy: ['sequence', 'asc'],
};

/** Dead letters that block their lines. */
export const BLOCKING_QUERY: QueryShape = { collectionGroup: 'outbox', equals: ['blocking'] };

/** The jobs of an event, by their ids. */
export const JOBS_OF_EVENT: QueryShape = {
  collectionGroup: 'outbox',
  equals: ['eventId'],
  byId: true,
};

/** Rows that a pause holds. */
export const PAUSED_QUERY: QueryShape = { collectionGroup: 'outbox', equals: ['pausedBy'] };

/** Rows of one status, all of them, for repair. */
export const ROWS_OF_STATUS: QueryShape = {
  collectionGroup: 'outbox',
  equals: ['status'],
  byId: true,
};

/** Every row there is, for repair. */
export const ALL_ROWS: QueryShape = { collectionGroup: 'outbox', equals: [], byId: true };

/** Rows whose status is none that there are. */
export const ROWS_OF_NO_STATUS: QueryShape = {
  collectionGroup: 'outbox',
  equals: [],
  noneOf: 'status',
};

/** The due page: new work, retries and dead workers' leases alike, since all have a due time. */
export const DUE_QUERY: QueryShape = {
  collectionGroup: 'outbox',
  equals: ['slot'],
  orderBy: ['nextAttemptAt', 'asc'],
};
