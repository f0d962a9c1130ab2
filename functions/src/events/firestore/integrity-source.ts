import type { Firestore, QueryDocumentSnapshot } from 'firebase-admin/firestore';
import { rangeOf } from '#kernel';
import { buildQuery } from '#kernel/firestore';
import { DOMAIN_EVENTS } from '../event.ts';
import type { ContentRow, IntegritySource } from '../integrity/integrity-source.ts';
import { momentOf } from '../integrity/stored-row.ts';
import { EVENTS_OF_ORG_BY_ID, EVENTS_OF_ORG_OLDEST } from './queries.ts';

/** A tenant's log in Firestore, for its verification. Reads only. */
export function createIntegritySource(firestore: Firestore): IntegritySource {
  const log = firestore.collection(DOMAIN_EVENTS);
  return {
    rowsById: ({ orgId, after, limit }, read) => {
      const values = { equals: { orgId }, afterId: after, limit };
      const query = buildQuery(log, EVENTS_OF_ORG_BY_ID, values);
      // One moment for all: an event whose job is not yet seen would be one without its job.
      return firestore.runTransaction(
        async (transaction) => {
          const { docs, readTime } = await transaction.get(query);
          const rows = docs.map((snapshot) => ({ id: snapshot.id, data: snapshot.data() }));
          const { made, paths } = read({ rows, readAtMs: readTime.toMillis() });
          const refs = paths.map((path) => firestore.doc(path));
          const mask = { fieldMask: ['stream'] };
          const found = refs.length === 0 ? [] : await transaction.getAll(...refs, mask);
          const documents = new Map(
            found.flatMap((snapshot) => {
              const data = snapshot.data();
              return data === undefined ? [] : [[snapshot.ref.path, data] as const];
            }),
          );
          return { made, documents };
        },
        { readOnly: true },
      );
    },
    rowsByTime: async ({ orgId, after, limit }) => {
      const { fromMs } = rangeOf(undefined, undefined);
      const values = { equals: { orgId }, fromMs, after, limit };
      const query = buildQuery(log, EVENTS_OF_ORG_OLDEST, values);
      const fields = ['timestamp', 'contentHash', 'metadata.correlationId', 'streamVersion'];
      return (await query.select(...fields).get()).docs.map(contentRowOf);
    },
  };
}

function contentRowOf(snapshot: QueryDocumentSnapshot): ContentRow {
  const recordedAt = momentOf(snapshot.get('timestamp'));
  // The query asks for times only.
  if (recordedAt === undefined) throw new Error(`${snapshot.id} has no time.`);
  return {
    id: snapshot.id,
    recordedAt,
    contentHash: snapshot.get('contentHash'),
    correlationId: snapshot.get('metadata.correlationId'),
    streamVersion: snapshot.get('streamVersion'),
  };
}
