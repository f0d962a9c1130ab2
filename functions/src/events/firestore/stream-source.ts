import type { Firestore } from 'firebase-admin/firestore';
import { buildQuery } from '#kernel/firestore';
import { DOMAIN_EVENTS } from '../event.ts';
import { streamEventId } from '../streams/stream.ts';
import type { DecodeEvent, StreamSource } from '../streams/stream-source.ts';
import { EVENTS_OF_STREAM } from './queries.ts';

/** Events read at a time. */
const PAGE_SIZE = 500;

/** Streams in Firestore: their events are a range of ids, so that no index is needed. */
export function createFirestoreStreamSource(
  firestore: Firestore,
  decode: DecodeEvent,
): StreamSource {
  return {
    decode,
    read: async (path) => (await firestore.doc(path).get()).data(),
    page: async (hash, fromVersion, throughVersion) => {
      const query = buildQuery(firestore.collection(DOMAIN_EVENTS), EVENTS_OF_STREAM, {
        equals: {},
        afterId: streamEventId(hash, fromVersion - 1),
        throughId: streamEventId(hash, throughVersion),
        limit: PAGE_SIZE,
      });
      return (await query.get()).docs.map((snapshot) => snapshot.data());
    },
  };
}
