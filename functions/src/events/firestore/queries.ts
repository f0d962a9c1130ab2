import type { QueryShape } from '#kernel';

/** A tenant's events, newest first. */
export const EVENTS_OF_ORG: QueryShape = {
  collectionGroup: 'domain_events',
  equals: ['orgId'],
  orderBy: ['timestamp', 'desc'],
};

/** A tenant's events, oldest first. */
export const EVENTS_OF_ORG_OLDEST: QueryShape = {
  ...EVENTS_OF_ORG,
  orderBy: ['timestamp', 'asc'],
};

/** A tenant's events in the order of their ids, each stream's in version order: for integrity checks. */
export const EVENTS_OF_ORG_BY_ID: QueryShape = {
  collectionGroup: 'domain_events',
  equals: ['orgId'],
  byId: true,
};

/** A tenant's events of one type, newest first. */
export const EVENTS_OF_TYPE: QueryShape = {
  collectionGroup: 'domain_events',
  equals: ['orgId', 'eventType'],
  orderBy: ['timestamp', 'desc'],
};

/** A tenant's events of one type, oldest first. */
export const EVENTS_OF_TYPE_OLDEST: QueryShape = {
  ...EVENTS_OF_TYPE,
  orderBy: ['timestamp', 'asc'],
};

/** What happened to one entity, newest first. */
export const EVENTS_OF_ENTITY: QueryShape = {
  collectionGroup: 'domain_events',
  equals: ['orgId', 'entityType', 'entityId'],
  orderBy: ['timestamp', 'desc'],
};

/** The part of it that happened in one matter, newest first. */
export const EVENTS_OF_ENTITY_IN_MATTER: QueryShape = {
  ...EVENTS_OF_ENTITY,
  equals: ['orgId', 'entityType', 'entityId', 'matterId'],
};

/** What happened to the entities of one type, newest first. */
export const EVENTS_OF_ENTITY_TYPE: QueryShape = {
  collectionGroup: 'domain_events',
  equals: ['orgId', 'entityType'],
  orderBy: ['timestamp', 'desc'],
};

/** What happened in a matter, newest first. */
export const EVENTS_OF_MATTER: QueryShape = {
  collectionGroup: 'domain_events',
  equals: ['orgId', 'matterId'],
  orderBy: ['timestamp', 'desc'],
};

/** What happened to one entity and to those below it, newest first: its timeline. */
export const EVENTS_RELATED: QueryShape = {
  collectionGroup: 'domain_events',
  equals: ['orgId'],
  contains: 'related',
  orderBy: ['timestamp', 'desc'],
};

/** The part of a timeline that happened in one matter, newest first. */
export const EVENTS_RELATED_IN_MATTER: QueryShape = {
  ...EVENTS_RELATED,
  equals: ['orgId', 'matterId'],
};

/** All that one request caused, oldest first. */
export const EVENTS_OF_CORRELATION: QueryShape = {
  collectionGroup: 'domain_events',
  equals: ['orgId', 'metadata.correlationId'],
  orderBy: ['timestamp', 'asc'],
};

/** A stream's events in version order: a range of ids. */
export const EVENTS_OF_STREAM: QueryShape = {
  collectionGroup: 'domain_events',
  equals: [],
  byId: true,
};

/** A subscription's jobs for a tenant, by their status. */
export const JOBS_OF_SUBSCRIPTION: QueryShape = {
  collectionGroup: 'outbox',
  equals: ['orgId', 'jobType', 'status'],
};

/** A subscription's dead letters for a tenant, the newest first. */
export const DEAD_LETTERS_OF_SUBSCRIPTION: QueryShape = {
  ...JOBS_OF_SUBSCRIPTION,
  orderBy: ['failure.at', 'desc'],
};
