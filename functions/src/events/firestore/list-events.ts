import type { Firestore } from 'firebase-admin/firestore';
import { buildQuery } from '#kernel/firestore';
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

/** A tenant's events, or those of one of its matters, newest first. Never another tenant's. */
export async function listEvents(
  firestore: Firestore,
  { orgId, matterId, limit }: EventListing,
): Promise<DomainEvent[]> {
  const shape = matterId === undefined ? EVENTS_OF_ORG : EVENTS_OF_MATTER;
  const values = { equals: { orgId, matterId }, limit };
  const page = await buildQuery(firestore.collection(DOMAIN_EVENTS), shape, values).get();
  return page.docs.flatMap((snapshot) => decodeEvent(snapshot.data()) ?? []);
}
