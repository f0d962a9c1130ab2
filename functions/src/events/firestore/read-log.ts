import type { DocumentSnapshot, Firestore } from 'firebase-admin/firestore';
import { Timestamp } from 'firebase-admin/firestore';
import type { TimePosition } from '#kernel';
import { buildQuery } from '#kernel/firestore';
import { decodeEvent } from '../emit/event-document.ts';
import { DOMAIN_EVENTS } from '../event.ts';
import type { ReadLogPage } from '../log/event-log-reader.ts';
import { EVENTS_OF_ORG_OLDEST } from './queries.ts';

/** A tenant's log in Firestore. */
export function createReadLogPage(firestore: Firestore): ReadLogPage {
  return async (orgId, { after, limit }) => {
    const query = buildQuery(firestore.collection(DOMAIN_EVENTS), EVENTS_OF_ORG_OLDEST, {
      equals: { orgId },
      after,
      limit,
    });
    const { docs, readTime } = await query.get();
    const events = docs.flatMap((snapshot) => {
      const event = decodeEvent(snapshot.data());
      return event === undefined ? [] : [{ event, place: placeOf(snapshot) }];
    });
    const last = docs.at(-1);
    return {
      events,
      last: last && placeOf(last),
      isLast: docs.length < limit,
      readAtMs: readTime.toMillis(),
    };
  };
}

function placeOf(snapshot: DocumentSnapshot): TimePosition {
  const timestamp: unknown = snapshot.get('timestamp');
  // The query is ordered by it: a document without one is not found.
  if (!(timestamp instanceof Timestamp)) throw new Error(`${snapshot.id} has no time.`);
  const { seconds, nanoseconds } = timestamp;
  return { seconds, nanoseconds, id: snapshot.id };
}
