import type { QueryShape } from '#kernel';

/** Operations, newest first. */
export const OPERATIONS_BY_START: QueryShape = {
  collectionGroup: 'operations',
  equals: [],
  orderBy: ['startedAt', 'desc'],
};

/** Those in one state, newest first. */
export const OPERATIONS_OF_STATE: QueryShape = { ...OPERATIONS_BY_START, equals: ['state'] };

/** Those that are stopped, as operators want them: paused or cancelled. */
export const OPERATIONS_STOPPED: QueryShape = {
  ...OPERATIONS_BY_START,
  equals: ['state', 'wanted'],
};
