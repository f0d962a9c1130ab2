import type { QueryShape } from '#kernel';

/** What is to be done in a matter, newest first: asked by client apps, through the rules. */
export const OPEN_TASKS: QueryShape = {
  collectionGroup: 'tasks',
  equals: ['status'],
  orderBy: ['createdAt', 'desc'],
};
