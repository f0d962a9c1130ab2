import { initializeApp } from 'firebase-admin/app';
import type { DocumentData, Firestore } from 'firebase-admin/firestore';
import { getFirestore } from 'firebase-admin/firestore';
import type { LogEntry, Logger } from '#kernel';
import { systemClock, systemIds } from '#kernel';
import { createDocumentReader, createRunTransaction } from '#kernel/firestore';
import { createCustomTypes } from '../custom-types/custom-types.ts';
import type { EmitBatch } from '../emit/emit-batch.ts';
import type { EmitDomainEvent } from '../firestore/emit.ts';
import { createFirestoreEmit, createFirestoreEmitBatch } from '../firestore/emit.ts';
import type { TestEvent } from './catalog.ts';
import { testCatalog } from './catalog.ts';

/** The emulator's database of this test file. */
export const firestore = getFirestore(initializeApp());

/** What was logged by the emits of this test file. */
export const logged: LogEntry[] = [];

const testLogger: Logger = { write: (entry) => void logged.push(entry) };

/** The organizations' own types, of this test file's database. */
export const customTypes = createCustomTypes({
  reader: createDocumentReader(firestore),
  runTransaction: createRunTransaction(firestore),
  ids: systemIds,
  clock: systemClock,
});

/** What `emit` and `emitBatch` are made of. */
function emitDeps(logger: Logger) {
  return {
    catalog: testCatalog,
    customTypes,
    jobsFor: () => [{ jobType: 'notif', maxAttempts: 5, isOrdered: false }],
    slots: { normal: 8, bulk: 4 },
    ids: systemIds,
    logger,
    sourceService: 'tests',
  };
}

/** An emit whose every event has one subscription, `notif`. */
export function createTestEmit(
  database: Firestore,
  logger: Logger = testLogger,
): EmitDomainEvent<TestEvent> {
  return createFirestoreEmit<TestEvent>(database, emitDeps(logger));
}

/** As `createTestEmit`, for several events at once. */
export function createTestEmitBatch(database: Firestore): EmitBatch<TestEvent> {
  return createFirestoreEmitBatch<TestEvent>(database, emitDeps(testLogger));
}

export const emit = createTestEmit(firestore);
export const emitBatch = createTestEmitBatch(firestore);

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
