import { FieldPath, Timestamp } from 'firebase-admin/firestore';
import type {
  Firestore,
  Precondition,
  Transaction,
  UpdateData,
  WriteBatch,
} from 'firebase-admin/firestore';
import type { DocumentData, DocumentWrite, WriteTime } from '../documents.ts';
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
      to.update(
        ref,
        toFirestore(write.data) as UpdateData<DocumentData>,
        ...ifUnchanged(write.unchangedSince),
      );
      break;
    case 'delete':
      to.delete(ref, ...ifUnchanged(write.unchangedSince));
      break;
    case 'update-leaves': {
      const [first, ...others] = leavesOf(toFirestore(write.data));
      // One write, however many fields it has.
      if (first !== undefined) to.update(ref, ...first, ...others.flat());
      break;
    }
  }
}

function ifUnchanged(since: WriteTime | undefined): [Precondition] | [] {
  if (since === undefined) return [];
  return [{ lastUpdateTime: new Timestamp(since.seconds, since.nanoseconds) }];
}

/** Fields of maps, at any depth, that are no maps themselves. */
function leavesOf(data: DocumentData, above: readonly string[] = []): [FieldPath, unknown][] {
  return Object.entries(data).flatMap(([name, value]) => {
    const path = [...above, name];
    return isMap(value) ? leavesOf(value, path) : [[new FieldPath(...path), value]];
  });
}

function isMap(value: unknown): value is DocumentData {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

function fieldsOf(data: DocumentData): FieldPath[] {
  return Object.keys(data).map((name) => new FieldPath(name));
}
