import type { Firestore } from 'firebase-admin/firestore';
import { buildQuery } from '#kernel/firestore';
import type { Catalog } from '../catalog/catalog.ts';
import type { DomainEvent } from '../event.ts';
import { DOMAIN_EVENTS } from '../event.ts';
import type { RecordedEvent } from '../queries/event-page.ts';
import { MAX_VERSION, readHead, streamEventId, streamHash } from '../streams/stream.ts';
import { StreamBrokenError } from '../streams/stream-errors.ts';
import { readEvent } from './list-events.ts';
import { EVENTS_OF_STREAM } from './queries.ts';

/** A stream, by its entity. */
export interface StreamName {
  readonly orgId: string;
  readonly entityType: string;
  readonly entityId: string;
  /** The document that has its head, by any of its events. */
  readonly headPathOf: (event: DomainEvent) => string;
}

/**
 * See `EventQueries.newestOfStream`. By the head, since the ids of events have no descending index; and where
 * the head is, an event of the stream tells: the oldest that is not in the archive.
 */
export async function newestOfStream(
  firestore: Firestore,
  catalog: Catalog,
  stream: StreamName,
): Promise<RecordedEvent | undefined> {
  const hash = streamHash(stream);
  const log = firestore.collection(DOMAIN_EVENTS);
  const { docs } = await buildQuery(log, EVENTS_OF_STREAM, {
    equals: {},
    afterId: streamEventId(hash, 0),
    throughId: streamEventId(hash, MAX_VERSION),
    limit: 1,
  }).get();
  const [first] = docs;
  if (first === undefined) return undefined;
  const oldest = readEvent(catalog, first);
  if (oldest === undefined) throw new StreamBrokenError(1, 'its first event is not an event');
  const { version } = readHead((await firestore.doc(stream.headPathOf(oldest)).get()).data());
  const newest = readEvent(catalog, await log.doc(streamEventId(hash, version)).get());
  if (newest === undefined) throw new StreamBrokenError(version, 'it is missing');
  return newest;
}
