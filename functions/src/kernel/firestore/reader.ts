import type { DocumentSnapshot, Firestore } from 'firebase-admin/firestore';
import type { DocumentReader, StoredDocument } from '../documents.ts';

/** A document as read. */
export function toStored(snapshot: DocumentSnapshot): StoredDocument {
  return {
    path: snapshot.ref.path,
    data: snapshot.data(),
    readAtMs: snapshot.readTime.toMillis(),
  };
}

/** Reads outside a transaction. */
export function createDocumentReader(firestore: Firestore): DocumentReader {
  return {
    get: async (path) => toStored(await firestore.doc(path).get()),
    getAll: async (paths) => {
      if (paths.length === 0) return [];
      const snapshots = await firestore.getAll(...paths.map((path) => firestore.doc(path)));
      return snapshots.map(toStored);
    },
    list: async (collection, [field, value], limit) => {
      const query = firestore.collection(collection).where(field, '==', value).limit(limit);
      return (await query.get()).docs.map(toStored);
    },
  };
}
