import type { QueryShape } from '#kernel';

/** A tenant's events, newest first. */
export const EVENTS_OF_ORG: QueryShape = {
  collectionGroup: 'domain_events',
  equals: ['orgId'],
  orderBy: ['timestamp', 'desc'],
};

/** What happened in a matter, newest first. */
export const EVENTS_OF_MATTER: QueryShape = {
  collectionGroup: 'domain_events',
  equals: ['orgId', 'matterId'],
  orderBy: ['timestamp', 'desc'],
};
