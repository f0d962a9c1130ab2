import type { Firestore } from 'firebase-admin/firestore';
import { addWrite, ALREADY_EXISTS, grpcCode } from '#kernel/firestore';
import type { EventLog } from '../emit/emit.ts';
import type { LoadEvent } from '../bus/subscription.ts';
import { decodeEvent } from '../emit/event-document.ts';
import type { DomainEvent } from '../event.ts';
import { DOMAIN_EVENTS } from '../event.ts';

/** The event log in Firestore, for emits that commit by themselves. */
export function createFirestoreEventLog(firestore: Firestore): EventLog {
  return {
    commit: async (writes) => {
      const batch = firestore.batch();
      for (const write of writes) addWrite(firestore, batch, write);
      try {
        await batch.commit();
        return 'committed';
      } catch (error) {
        if (grpcCode(error) === ALREADY_EXISTS) return 'exists';
        throw error;
      }
    },
    read: async (path) => (await firestore.doc(path).get()).data(),
  };
}

/** Loads events by id, each once, and `known` not at all: many jobs of one invocation share an event. */
export function createEventLoader(firestore: Firestore, known?: DomainEvent): LoadEvent {
  const loads = new Map<string, ReturnType<LoadEvent>>();
  if (known !== undefined) loads.set(known.eventId, Promise.resolve(known));
  return (eventId) => {
    const earlier = loads.get(eventId);
    if (earlier !== undefined) return earlier;
    const load = firestore
      .collection(DOMAIN_EVENTS)
      .doc(eventId)
      .get()
      .then((snapshot) => decodeEvent(snapshot.data()));
    loads.set(eventId, load);
    return load;
  };
}
