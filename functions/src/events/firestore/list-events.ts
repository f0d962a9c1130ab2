import type { DocumentSnapshot, Firestore } from 'firebase-admin/firestore';
import { Timestamp } from 'firebase-admin/firestore';
import { isEntityId } from '#kernel';
import { buildQuery } from '#kernel/firestore';
import type { Catalog } from '../catalog/catalog.ts';
import { atNewestIfReadable } from '../catalog/at-newest-if-readable.ts';
import { decodeEvent } from '../emit/event-document.ts';
import { DOMAIN_EVENTS } from '../event.ts';
import type { EventPosition } from '../queries/cursor.ts';
import { decodeCursor, encodeCursor } from '../queries/cursor.ts';
import type { EventPage, RecordedEvent } from '../queries/event-page.ts';
import type { EventQuery } from '../queries/event-query.ts';
import { planQuery } from '../queries/event-query.ts';

/** A page of a tenant's events; see `EventQueries.list`. */
export async function listEvents(
  firestore: Firestore,
  catalog: Catalog,
  asked: EventQuery,
): Promise<EventPage> {
  const query = planQuery(asked, (name) => catalog.get(name)?.type ?? name);
  const { shape, equals, fromMs, throughMs, limit, cursor } = query;
  const values = {
    equals,
    fromMs,
    ...(throughMs === undefined ? {} : { throughMs }),
    after: cursor === undefined ? undefined : decodeCursor(query, cursor),
    limit,
  };
  const { docs } = await buildQuery(firestore.collection(DOMAIN_EVENTS), shape, values).get();
  const last = docs.length < limit ? undefined : docs.at(-1);
  const position = last && positionOf(last);
  return {
    events: docs.flatMap((snapshot) => readEvent(catalog, snapshot) ?? []),
    nextCursor: position && encodeCursor(query, position),
  };
}

/** One event of a tenant; undefined where there is none, or it is another's. */
export async function getEvent(
  firestore: Firestore,
  catalog: Catalog,
  { orgId, eventId }: { readonly orgId: string; readonly eventId: string },
): Promise<RecordedEvent | undefined> {
  // What is no id at all, Firestore's client would refuse in words of its own.
  if (!isEntityId(eventId)) return undefined;
  const snapshot = await firestore.collection(DOMAIN_EVENTS).doc(eventId).get();
  const event = readEvent(catalog, snapshot);
  return event?.orgId === orgId ? event : undefined;
}

function positionOf(snapshot: DocumentSnapshot): EventPosition | undefined {
  const at: unknown = snapshot.get('timestamp');
  if (!(at instanceof Timestamp)) return undefined;
  return { seconds: at.seconds, nanoseconds: at.nanoseconds, id: snapshot.id };
}

/**
 * At the newest version of its type; what this code cannot read is as it was stored, as its
 * `schemaVersion` says: one event must not hide the others. Undefined for what is no event.
 */
export function readEvent(catalog: Catalog, snapshot: DocumentSnapshot): RecordedEvent | undefined {
  const stored = decodeEvent(snapshot.data());
  const position = stored && positionOf(snapshot);
  if (stored === undefined || position === undefined) return undefined;
  const { seconds, nanoseconds } = position;
  const recordedAt = new Timestamp(seconds, nanoseconds).toDate();
  return { ...atNewestIfReadable(catalog, stored), recordedAt };
}
