import { Timestamp } from 'firebase-admin/firestore';
import type { CollectionReference, Query } from 'firebase-admin/firestore';
import type { QueryShape } from '../documents.ts';

/** What a declared query is asked with. */
export interface QueryValues {
  /** One value per field in `equals`; a list asks for any of its (at most 30) values. */
  readonly equals: Readonly<Record<string, unknown>>;
  /** Bounds of the ordering field, in whole milliseconds since the epoch, both inclusive. */
  readonly fromMs?: number;
  readonly throughMs?: number;
  readonly limit: number;
}

/**
 * The one place where filters are put together, so that no query exists that was not declared, and
 * none is declared without its index.
 */
export function buildQuery(
  collection: CollectionReference,
  shape: QueryShape,
  { equals, fromMs, throughMs, limit }: QueryValues,
): Query {
  let query: Query = collection;
  for (const field of shape.equals) {
    const value = equals[field];
    query = query.where(field, Array.isArray(value) ? 'in' : '==', value);
  }
  if (shape.orderBy === undefined) return query.limit(limit);
  const [field, direction] = shape.orderBy;
  if (fromMs !== undefined) query = query.where(field, '>=', Timestamp.fromMillis(fromMs));
  if (throughMs !== undefined) {
    // Stored times have microseconds and ours do not: "through" a millisecond is before the next one.
    query = query.where(field, '<', Timestamp.fromMillis(throughMs + 1));
  }
  return query.orderBy(field, direction).limit(limit);
}
