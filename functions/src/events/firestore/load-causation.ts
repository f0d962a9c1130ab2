import type { Firestore } from 'firebase-admin/firestore';
import type { Catalog } from '../catalog/catalog.ts';
import type { CausationTree } from '../queries/causation-tree.ts';
import { causationTree } from '../queries/causation-tree.ts';
import type { RecordedEvent } from '../queries/event-page.ts';
import { MAX_EVENTS_PER_PAGE } from '../queries/event-query.ts';
import { getEvent, listEvents } from './list-events.ts';

/** Events of one correlation that are read: a tree of more is for no screen. */
const MAX_EVENTS = 1_000;

/** What led to an event and what came of it; see `EventQueries.causation`. */
export async function loadCausation(
  firestore: Firestore,
  catalog: Catalog,
  named: { readonly orgId: string; readonly eventId: string },
): Promise<CausationTree | undefined> {
  const asked = await getEvent(firestore, catalog, named);
  if (asked === undefined) return undefined;
  const { orgId, eventId, metadata } = asked;
  const query = { orgId, correlationId: metadata.correlationId, limit: MAX_EVENTS_PER_PAGE };
  const events: RecordedEvent[] = [];
  let cursor: string | undefined;
  do {
    const page = await listEvents(firestore, catalog, { ...query, cursor });
    events.push(...page.events);
    cursor = page.nextCursor;
  } while (cursor !== undefined && events.length < MAX_EVENTS);
  const isRead = events.some((event) => event.eventId === eventId);
  return causationTree(isRead ? events : [...events, asked], eventId, cursor !== undefined);
}
