import type { CollectionReference, DocumentData, Firestore } from 'firebase-admin/firestore';

/** Every document of the database by its path, with the time of its last write. */
export type AllDocuments = ReadonlyMap<string, StoredDocument>;

export interface StoredDocument {
  readonly data: DocumentData;
  /** Exact to the microsecond; compares as text. */
  readonly writtenAt: string;
}

/** Most documents are of these, and nothing is below them: asking each of them took most of the time. */
const ROWS: ReadonlySet<string> = new Set(['domain_events', 'outbox', 'commands']);

/** Reads the whole database; tests only, where it is small. */
export async function readAllDocuments(firestore: Firestore): Promise<AllDocuments> {
  return new Map(await readCollections(await firestore.listCollections()));
}

async function readCollections(
  collections: readonly CollectionReference[],
): Promise<[string, StoredDocument][]> {
  const lists = collections.map(async (collection) => {
    const { docs } = await collection.get();
    const parents = ROWS.has(collection.id) ? [] : docs;
    const below = parents.map(async ({ ref }) => readCollections(await ref.listCollections()));
    const own = docs.map((snapshot): [string, StoredDocument] => {
      const writtenAt = snapshot.updateTime.valueOf();
      return [snapshot.ref.path, { data: snapshot.data(), writtenAt }];
    });
    return [...own, ...(await Promise.all(below)).flat()];
  });
  return (await Promise.all(lists)).flat();
}

/** What was written between two readings: new and changed documents. */
export function changesBetween(before: AllDocuments, after: AllDocuments): AllDocuments {
  const changed = [...after].filter(
    ([path, { writtenAt }]) => before.get(path)?.writtenAt !== writtenAt,
  );
  return new Map(changed);
}

/** Makes every document what it was in `before`, and takes away what was not there; a few hundred at most. */
export async function restoreDocuments(firestore: Firestore, before: AllDocuments): Promise<void> {
  const after = await readAllDocuments(firestore);
  const batch = firestore.batch();
  for (const path of after.keys()) if (!before.has(path)) batch.delete(firestore.doc(path));
  for (const [path, { data, writtenAt }] of before) {
    if (after.get(path)?.writtenAt !== writtenAt) batch.set(firestore.doc(path), data);
  }
  await batch.commit();
}
