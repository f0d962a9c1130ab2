import { FieldPath } from 'firebase-admin/firestore';
import type { Firestore, Transaction, UpdateData, WriteBatch } from 'firebase-admin/firestore';
import type { DocumentData, DocumentWrite } from '../documents.ts';
import { toFirestore } from './values.ts';

/** Adds one write to a batch or a transaction. */
export function addWrite(
  firestore: Firestore,
  target: WriteBatch | Transaction,
  write: DocumentWrite,
): void {
  const ref = firestore.doc(write.path);
  // Both classes have the same four methods; their union's overloads do not unify.
  const to = target as WriteBatch;
  switch (write.kind) {
    case 'create':
      to.create(ref, toFirestore(write.data));
      break;
    case 'set':
      to.set(ref, toFirestore(write.data));
      break;
    case 'merge':
      // Field by field: `merge: true` would leave parts of the maps that were there before.
      to.set(ref, toFirestore(write.data), { mergeFields: fieldsOf(write.data) });
      break;
    case 'update':
      to.update(ref, toFirestore(write.data) as UpdateData<DocumentData>);
      break;
    case 'delete':
      to.delete(ref);
      break;
  }
}

function fieldsOf(data: DocumentData): FieldPath[] {
  return Object.keys(data).map((name) => new FieldPath(name));
}
