import type { QueryShape } from '#kernel';

/** A person's notifications, newest first: asked by client apps, through the rules. */
export const OWN_NOTIFICATIONS: QueryShape = {
  collectionGroup: 'notifications',
  equals: ['recipientUid'],
  orderBy: ['createdAt', 'desc'],
};
