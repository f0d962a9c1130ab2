import type { Firestore } from 'firebase-admin/firestore';
import type { Catalog } from '../catalog/catalog.ts';
import type { CausationQuery, CausationTree } from '../queries/causation-tree.ts';
import type { CountedEvents, EventCounts } from '../queries/event-counts.ts';
import type { EventPage, RecordedEvent } from '../queries/event-page.ts';
import type { EventQuery } from '../queries/event-query.ts';
import { countEvents } from './count-events.ts';
import { getEvent, listEvents } from './list-events.ts';
import { loadCausation } from './load-causation.ts';
import type { StreamName } from './newest-of-stream.ts';
import { newestOfStream } from './newest-of-stream.ts';

/** One event, by its tenant and its id. */
export interface EventName {
  readonly orgId: string;
  readonly eventId: string;
}

/**
 * Questions to the event log, each within one tenant. Events come at the newest version of their types;
 * one that this code cannot read comes as it was stored, as its `schemaVersion` says.
 */
export interface EventQueries {
  /**
   * A page of events. Costs one read for each; a page without any, one.
   * Throws `invalid-input`, `unsupported-query` and `bad-cursor`.
   */
  readonly list: (query: EventQuery) => Promise<EventPage>;
  /** One event; undefined where the tenant has none with this id. Costs one read. */
  readonly get: (name: EventName) => Promise<RecordedEvent | undefined>;
  /**
   * The newest event of an entity's stream; undefined where it has none: what others say of the entity is in
   * no stream. Costs three reads, and where there is no stream one. Throws `stream-broken`.
   */
  readonly newestOfStream: (name: StreamName) => Promise<RecordedEvent | undefined>;
  /**
   * How many events of each type there are. Costs one read for each type of the catalog and one for the
   * total, and one more for every further 1,000 events counted. Throws `invalid-input`.
   */
  readonly count: (counted: CountedEvents) => Promise<EventCounts>;
  /**
   * What led to an event and what came of it, as far as it has the event's correlation id; undefined
   * where the tenant has no such event, or it is not `visible`. Reads the correlation's first 1,000 events
   * at most.
   */
  readonly causation: (name: CausationQuery) => Promise<CausationTree | undefined>;
}

/** Binds the queries to a database. */
export function createEventQueries(firestore: Firestore, catalog: Catalog): EventQueries {
  return {
    list: (query) => listEvents(firestore, catalog, query),
    get: (name) => getEvent(firestore, catalog, name),
    newestOfStream: (name) => newestOfStream(firestore, catalog, name),
    count: (counted) => countEvents(firestore, catalog, counted),
    causation: (name) => loadCausation(firestore, catalog, name),
  };
}
