import type { QueryShape } from '#kernel';

/** A person's notifications in one organization, newest first: asked by client apps, through the rules. */
export const OWN_NOTIFICATIONS: QueryShape = {
  collectionGroup: 'notifications',
  equals: ['orgId', 'recipientUid'],
  orderBy: ['createdAt', 'desc'],
};
