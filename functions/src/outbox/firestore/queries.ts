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

/** A tenant's rows, by their ids. */
export const ROWS_OF_ORG: QueryShape = {
  collectionGroup: 'outbox',
  equals: ['orgId'],
  byId: true,
};

/** The rows of a type, by their ids. */
export const ROWS_OF_TYPE: QueryShape = {
  collectionGroup: 'outbox',
  equals: ['jobType'],
  byId: true,
};

/** A tenant's rows of one status, by their ids. */
export const ROWS_OF_ORG_AND_STATUS: QueryShape = {
  collectionGroup: 'outbox',
  equals: ['orgId', 'status'],
  byId: true,
};

/** The rows of a type and of one status, by their ids. */
export const ROWS_OF_TYPE_AND_STATUS: QueryShape = {
  collectionGroup: 'outbox',
  equals: ['jobType', 'status'],
  byId: true,
};

/** A tenant's rows of a type and of one status, by their ids. */
export const ROWS_OF_ORG_TYPE_AND_STATUS: QueryShape = {
  collectionGroup: 'outbox',
  equals: ['orgId', 'jobType', 'status'],
  byId: true,
};

/** Dead letters, newest first. */
export const DEAD_LETTERS: QueryShape = {
  collectionGroup: 'outbox',
  equals: ['status'],
  orderBy: ['failure.at', 'desc'],
};

/** A tenant's dead letters, newest first. */
export const DEAD_LETTERS_OF_ORG: QueryShape = { ...DEAD_LETTERS, equals: ['orgId', 'status'] };

/** The dead letters of a type, newest first. */
export const DEAD_LETTERS_OF_TYPE: QueryShape = { ...DEAD_LETTERS, equals: ['jobType', 'status'] };

/** A tenant's dead letters of a type, newest first. */
export const DEAD_LETTERS_OF_ORG_AND_TYPE: QueryShape = {
  ...DEAD_LETTERS,
  equals: ['orgId', 'jobType', 'status'],
};

/** The dead letters of one reason, newest first. */
export const DEAD_LETTERS_OF_REASON: QueryShape = {
  ...DEAD_LETTERS,
  equals: ['failure.reason', 'status'],
};

/** A tenant's dead letters of one reason, newest first. */
export const DEAD_LETTERS_OF_ORG_AND_REASON: QueryShape = {
  ...DEAD_LETTERS,
  equals: ['orgId', 'failure.reason', 'status'],
};

/** The dead letters of a type and of one reason, newest first. */
export const DEAD_LETTERS_OF_TYPE_AND_REASON: QueryShape = {
  ...DEAD_LETTERS,
  equals: ['jobType', 'failure.reason', 'status'],
};

/** A tenant's dead letters of a type and of one reason, newest first. */
export const DEAD_LETTERS_OF_ORG_TYPE_AND_REASON: QueryShape = {
  ...DEAD_LETTERS,
  equals: ['orgId', 'jobType', 'failure.reason', 'status'],
};

/** A tenant's dead letters that block their lines. */
export const BLOCKING_OF_ORG: QueryShape = {
  collectionGroup: 'outbox',
  equals: ['orgId', 'blocking'],
};
