import type { Firestore } from 'firebase-admin/firestore';
import type { DomainEvent } from '../event.ts';
import { decodeEvent } from '../emit/event-document.ts';
import { streamEventId, streamHash } from '../streams/stream.ts';
import { aNote } from './an-event.ts';

/** The stream that `aNote()` is appended to. */
export const noteStream = streamHash(aNote());

/** A stream's events in version order, found by their range of ids as loading a stream does. */
export async function readStream(firestore: Firestore, hash = noteStream): Promise<DomainEvent[]> {
  const page = await firestore
    .collection('domain_events')
    .where('eventId', '>=', streamEventId(hash, 0))
    .where('eventId', '<', `${hash}.`)
    .orderBy('eventId')
    .get();
  return page.docs.map((snapshot) => {
    const event = decodeEvent(snapshot.data());
    if (event === undefined) throw new Error(`${snapshot.id} is not an event.`);
    return event;
  });
}
