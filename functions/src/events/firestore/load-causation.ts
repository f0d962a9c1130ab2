import type { Firestore } from 'firebase-admin/firestore';
import type { Catalog } from '../catalog/catalog.ts';
import type { CausationQuery, CausationTree } from '../queries/causation-tree.ts';
import { causationTree } from '../queries/causation-tree.ts';
import type { RecordedEvent } from '../queries/event-page.ts';
import type { EventQuery } from '../queries/event-query.ts';
import { MAX_EVENTS_PER_PAGE } from '../queries/event-query.ts';
import { getEvent, listEvents } from './list-events.ts';

/** Events of one correlation that are read: a tree of more is for no screen. */
const MAX_EVENTS = 1_000;

/** What led to an event and what came of it; see `EventQueries.causation`. */
export async function loadCausation(
  firestore: Firestore,
  catalog: Catalog,
  { visible = showAll, ...named }: CausationQuery,
): Promise<CausationTree | undefined> {
  const found = await getEvent(firestore, catalog, named);
  const [asked] = found === undefined ? [] : await visible([found]);
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
  const isTruncated =
    cursor !== undefined && (await hasMore(firestore, catalog, { ...query, cursor }));
  const isRead = events.some((event) => event.eventId === eventId);
  const shown = await visible(isRead ? events : [...events, asked]);
  return causationTree(shown, eventId, isTruncated);
}

/** A page that was just full may have been the last. */
async function hasMore(
  firestore: Firestore,
  catalog: Catalog,
  query: EventQuery,
): Promise<boolean> {
  const { nextCursor } = await listEvents(firestore, catalog, { ...query, limit: 1 });
  return nextCursor !== undefined;
}

function showAll(events: readonly RecordedEvent[]): Promise<readonly RecordedEvent[]> {
  return Promise.resolve(events);
}
