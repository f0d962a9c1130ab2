import { FieldPath, Timestamp } from 'firebase-admin/firestore';
import type {
  AggregateField,
  AggregateQuery,
  CollectionGroup,
  CollectionReference,
  Firestore,
  Query,
} from 'firebase-admin/firestore';
import type { QueryShape, TimePosition } from '../documents.ts';

/** What a declared query is asked with. */
export interface QueryValues {
  /** One value per field in `equals` and `contains`; a list asks for any of its (at most 30) values. */
  readonly equals: Readonly<Record<string, unknown>>;
  /** Bounds of the ordering field, in whole milliseconds since the epoch, both inclusive. */
  readonly fromMs?: number;
  readonly throughMs?: number;
  /**
   * For a shape that is ordered by a time: the last document of the page before. Documents of one time
   * are in the order of their ids, so that none is left out or given twice between two pages.
   */
  readonly after?: TimePosition | undefined;
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
  collection: CollectionReference | CollectionGroup,
  shape: QueryShape,
  values: QueryValues,
): Query {
  const { equals, limit } = values;
  let query: Query = collection;
  for (const field of shape.equals) {
    const value = equals[field];
    query = query.where(field, Array.isArray(value) ? 'in' : '==', value);
  }
  if (shape.contains !== undefined) {
    query = query.where(shape.contains, 'array-contains', equals[shape.contains]);
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

/** As `buildQuery`, of every collection of the shape's name. */
export function buildQueryEverywhere(
  firestore: Firestore,
  shape: QueryShape & { readonly everywhere: true },
  values: QueryValues,
): Query {
  return buildQuery(firestore.collectionGroup(shape.collectionGroup), shape, values);
}

/** More documents than a collection has: Firestore's own bound of a limit. */
const NO_LIMIT = 2 ** 31 - 1;

/** Counts what a declared query finds, without reading it: one read for 1,000 index entries, at least one. */
export function buildCount(
  collection: CollectionReference,
  shape: QueryShape,
  values: Omit<QueryValues, 'limit'> & { readonly limit?: number },
): AggregateQuery<{ count: AggregateField<number> }> {
  return buildQuery(collection, shape, { limit: NO_LIMIT, ...values }).count();
}

function inOrder(
  unordered: Query,
  [field, direction]: NonNullable<QueryShape['orderBy']>,
  { fromMs, throughMs, after, limit }: QueryValues,
): Query {
  let query = unordered;
  if (fromMs !== undefined) query = query.where(field, '>=', Timestamp.fromMillis(fromMs));
  if (throughMs !== undefined) {
    // Stored times have microseconds and ours do not: "through" a millisecond is before the next one.
    query = query.where(field, '<', Timestamp.fromMillis(throughMs + 1));
  }
  query = query.orderBy(field, direction);
  if (after === undefined) return query.limit(limit);
  // Said although it is what Firestore orders by anyway: a cursor needs a field for each of its values.
  const from = new Timestamp(after.seconds, after.nanoseconds);
  const byId = query.orderBy(FieldPath.documentId(), direction);
  return byId.startAfter(from, after.id).limit(limit);
}
