import type { Firestore } from 'firebase-admin/firestore';
import { addWrite, ALREADY_EXISTS, grpcCode } from '#kernel/firestore';
import type { EventLog } from '../emit/commit-events.ts';
import type { LoadEvent } from '../bus/subscription.ts';
import type { Catalog } from '../catalog/catalog.ts';
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
    readAll: async (paths) => {
      const snapshots = await firestore.getAll(...paths.map((path) => firestore.doc(path)));
      return snapshots.map((snapshot) => snapshot.data());
    },
  };
}

/**
 * Loads events by id at the newest version of their types, each once, and `known` (as it is stored) not
 * at all: many jobs of one invocation share an event. A load may throw `EventUnreadableError`.
 */
export function createEventLoader(
  firestore: Firestore,
  catalog: Catalog,
  known?: DomainEvent,
): LoadEvent {
  const loads = new Map<string, ReturnType<LoadEvent>>();
  const load: LoadEvent = async (eventId) => {
    if (eventId === known?.eventId) return catalog.atNewest(known);
    const snapshot = await firestore.collection(DOMAIN_EVENTS).doc(eventId).get();
    return catalog.decode(snapshot.data());
  };
  return (eventId) => {
    const loading = loads.get(eventId) ?? load(eventId);
    loads.set(eventId, loading);
    return loading;
  };
}
