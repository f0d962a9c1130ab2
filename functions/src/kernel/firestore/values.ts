import { FieldValue, Timestamp } from 'firebase-admin/firestore';
import type { DocumentData } from '../documents.ts';
import { DELETE_FIELD, SERVER_TIME } from '../documents.ts';

/** Turns the sentinels of `DocumentData` into Firestore's own, at any depth of plain objects. */
export function toFirestore(data: DocumentData): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, toValue(value)]));
}

function toValue(value: unknown): unknown {
  if (value === SERVER_TIME) return FieldValue.serverTimestamp();
  if (value === DELETE_FIELD) return FieldValue.delete();
  return isPlainObject(value) ? toFirestore(value) : value;
}

function isPlainObject(value: unknown): value is DocumentData {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

/** Milliseconds since the epoch of a Firestore `Timestamp`, or undefined for anything else. */
export function millisOf(value: unknown): number | undefined {
  return value instanceof Timestamp ? value.toMillis() : undefined;
}

/** A Firestore `Timestamp` of whole milliseconds since the epoch. */
export function timestampOf(ms: number): Timestamp {
  return Timestamp.fromMillis(ms);
}
