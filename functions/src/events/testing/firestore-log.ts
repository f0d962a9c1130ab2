import { initializeApp } from 'firebase-admin/app';
import type { DocumentData, Firestore } from 'firebase-admin/firestore';
import { getFirestore } from 'firebase-admin/firestore';
import type { LogEntry, Logger } from '#kernel';
import { systemIds } from '#kernel';
import type { EmitDomainEvent } from '../firestore/emit.ts';
import { createFirestoreEmit } from '../firestore/emit.ts';
import type { TestEvent } from './catalog.ts';
import { testCatalog } from './catalog.ts';

/** The emulator's database of this test file. */
export const firestore = getFirestore(initializeApp());

/** What was logged by the emits of this test file. */
export const logged: LogEntry[] = [];

const testLogger: Logger = { write: (entry) => void logged.push(entry) };

/** An emit whose every event has one subscription, `notif`. */
export function createTestEmit(
  database: Firestore,
  logger: Logger = testLogger,
): EmitDomainEvent<TestEvent> {
  return createFirestoreEmit<TestEvent>(database, {
    catalog: testCatalog,
    jobsFor: () => [{ jobType: 'notif', maxAttempts: 5, isOrdered: false }],
    slots: { normal: 8, bulk: 4 },
    ids: systemIds,
    logger,
    sourceService: 'tests',
  });
}

export const emit = createTestEmit(firestore);

/** A document's fields; fails where there is none. */
export async function read(path: string): Promise<DocumentData> {
  const data = (await firestore.doc(path).get()).data();
  if (data === undefined) throw new Error(`There is no ${path}.`);
  return data;
}

/** How many documents there are in all of a test's collections together. */
export async function countDocuments(): Promise<number> {
  const collections = await firestore.listCollections();
  const counts = await Promise.all(collections.map((collection) => collection.count().get()));
  return counts.reduce((sum, count) => sum + count.data().count, 0);
}
