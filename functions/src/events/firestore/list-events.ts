import type { Firestore } from 'firebase-admin/firestore';
import { buildQuery } from '#kernel/firestore';
import type { Catalog } from '../catalog/catalog.ts';
import { EventUnreadableError } from '../catalog/event-unreadable-error.ts';
import { decodeEvent } from '../emit/event-document.ts';
import type { DomainEvent } from '../event.ts';
import { DOMAIN_EVENTS } from '../event.ts';
import { EVENTS_OF_MATTER, EVENTS_OF_ORG } from './queries.ts';

/** Whose events, and at most how many. */
export interface EventListing {
  readonly orgId: string;
  readonly matterId?: string;
  readonly limit: number;
}

/**
 * A tenant's events, or those of one of its matters, newest first. Never another tenant's. Each is at the
 * newest version of its type; one that this code cannot read is as it was stored, as its `schemaVersion`
 * says: one event must not hide the others.
 */
export async function listEvents(
  firestore: Firestore,
  catalog: Catalog,
  { orgId, matterId, limit }: EventListing,
): Promise<DomainEvent[]> {
  const shape = matterId === undefined ? EVENTS_OF_ORG : EVENTS_OF_MATTER;
  const values = { equals: { orgId, matterId }, limit };
  const page = await buildQuery(firestore.collection(DOMAIN_EVENTS), shape, values).get();
  return page.docs.flatMap((snapshot) => {
    const stored = decodeEvent(snapshot.data());
    return stored === undefined ? [] : atNewestIfReadable(catalog, stored);
  });
}

function atNewestIfReadable(catalog: Catalog, stored: DomainEvent): DomainEvent {
  try {
    return catalog.atNewest(stored);
  } catch (error) {
    if (error instanceof EventUnreadableError) return stored;
    throw error;
  }
}
