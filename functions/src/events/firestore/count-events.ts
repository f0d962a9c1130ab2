import type { Firestore } from 'firebase-admin/firestore';
import { buildCount } from '#kernel/firestore';
import type { Catalog } from '../catalog/catalog.ts';
import { DOMAIN_EVENTS } from '../event.ts';
import type { CountedEvents, EventCounts } from '../queries/event-counts.ts';
import { planCount } from '../queries/event-query.ts';
import { EVENTS_OF_ORG, EVENTS_OF_TYPE } from './queries.ts';

/** A tenant's events by type; see `EventQueries.count`. */
export async function countEvents(
  firestore: Firestore,
  catalog: Catalog,
  counted: CountedEvents,
): Promise<EventCounts> {
  const { orgId, fromMs, throughMs } = planCount(counted);
  const range = { fromMs, ...(throughMs === undefined ? {} : { throughMs }) };
  const log = firestore.collection(DOMAIN_EVENTS);
  const ofAll = buildCount(log, EVENTS_OF_ORG, { equals: { orgId }, ...range });
  const ofTypes = catalog.types.map((eventType) => ({
    eventType,
    query: buildCount(log, EVENTS_OF_TYPE, { equals: { orgId, eventType }, ...range }),
  }));
  // Read-only, so that all are counted at one moment and nobody waits for it.
  return firestore.runTransaction(
    async (transaction) => {
      const total = (await transaction.get(ofAll)).data().count;
      const types = await Promise.all(
        ofTypes.map(async ({ eventType, query }) => {
          const { count } = (await transaction.get(query)).data();
          return { eventType, count };
        }),
      );
      const known = types.reduce((sum, { count }) => sum + count, 0);
      return { total, types, others: total - known };
    },
    { readOnly: true },
  );
}
