import { FieldPath, Timestamp } from 'firebase-admin/firestore';
import type { CollectionReference, Query } from 'firebase-admin/firestore';
import type { QueryShape } from '../documents.ts';

/** What a declared query is asked with. */
export interface QueryValues {
  /** One value per field in `equals`; a list asks for any of its (at most 30) values. */
  readonly equals: Readonly<Record<string, unknown>>;
  /** Bounds of the ordering field, in whole milliseconds since the epoch, both inclusive. */
  readonly fromMs?: number;
  readonly throughMs?: number;
  /** For a shape that is paged by id: the last id of the page before. */
  readonly afterId?: string | undefined;
  /** For a shape that is paged by id: the last id asked for, inclusive. */
  readonly throughId?: string;
  /** For a shape with `noneOf`: the values its field must not have. */
  readonly noneOf?: readonly unknown[];
  readonly limit: number;
}

/**
 * The one place where filters are put together, so that no query exists that was not declared, and
 * none is declared without its index.
 */
export function buildQuery(
  collection: CollectionReference,
  shape: QueryShape,
  values: QueryValues,
): Query {
  const { equals, limit } = values;
  let query: Query = collection;
  for (const field of shape.equals) {
    const value = equals[field];
    query = query.where(field, Array.isArray(value) ? 'in' : '==', value);
  }
  if (shape.noneOf !== undefined) query = query.where(shape.noneOf, 'not-in', values.noneOf);
  if (shape.byId === true) {
    query = query.orderBy(FieldPath.documentId());
    if (values.afterId !== undefined) query = query.startAfter(values.afterId);
    if (values.throughId !== undefined) query = query.endAt(values.throughId);
    return query.limit(limit);
  }
  if (shape.orderBy === undefined) return query.limit(limit);
  return inOrder(query, shape.orderBy, values);
}

function inOrder(
  unordered: Query,
  [field, direction]: NonNullable<QueryShape['orderBy']>,
  { fromMs, throughMs, limit }: QueryValues,
): Query {
  let query = unordered;
  if (fromMs !== undefined) query = query.where(field, '>=', Timestamp.fromMillis(fromMs));
  if (throughMs !== undefined) {
    // Stored times have microseconds and ours do not: "through" a millisecond is before the next one.
    query = query.where(field, '<', Timestamp.fromMillis(throughMs + 1));
  }
  return query.orderBy(field, direction).limit(limit);
}
