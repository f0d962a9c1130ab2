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

/** A stream's events in version order: a range of ids. */
export const EVENTS_OF_STREAM: QueryShape = {
  collectionGroup: 'domain_events',
  equals: [],
  byId: true,
};
