import { z } from 'zod';
import type { QueryShape, TimeRange } from '#kernel';
import { CodedError, problemsOf, rangeOf } from '#kernel';
import { MAX_TEXT_LENGTH, relatedEntity } from '../emit/event-input.ts';
import {
  EVENTS_OF_CORRELATION,
  EVENTS_OF_ENTITY,
  EVENTS_OF_ENTITY_IN_MATTER,
  EVENTS_OF_ENTITY_TYPE,
  EVENTS_OF_MATTER,
  EVENTS_OF_ORG,
  EVENTS_OF_ORG_OLDEST,
  EVENTS_OF_TYPE,
  EVENTS_OF_TYPE_OLDEST,
  EVENTS_RELATED,
  EVENTS_RELATED_IN_MATTER,
} from '../firestore/queries.ts';
import { entityId, typeName } from '../identifiers.ts';
import type { CountedEvents } from './event-counts.ts';

/** Newest or oldest first, by the time at which events were recorded. */
export type EventOrder = 'newest' | 'oldest';

/** Which events of a tenant. Filters can be combined as far as there are indexes; others are refused. */
export interface EventQuery {
  readonly orgId: string;
  /** By its name or an alias. */
  readonly eventType?: string | undefined;
  /** The requirements' aggregateType. */
  readonly entityType?: string | undefined;
  /** The requirements' aggregateId; only with `entityType`. */
  readonly entityId?: string | undefined;
  readonly matterId?: string | undefined;
  /** `<entityType>:<entityId>`: what happened to the entity and to those below it. */
  readonly related?: string | undefined;
  readonly correlationId?: string | undefined;
  /** Recorded at this time or later. */
  readonly from?: Date | undefined;
  /** Recorded before this time. */
  readonly to?: Date | undefined;
  /** Default: newest first; a correlation's are oldest first. */
  readonly order?: EventOrder | undefined;
  /** Events a page, 1 to 200; default 50. */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before, of the same query; another `limit` is the same query. */
  readonly cursor?: string | undefined;
}

/** The largest page. */
export const MAX_EVENTS_PER_PAGE = 200;
const DEFAULT_LIMIT = 50;
const MAX_CURSOR_LENGTH = 4_000;

const time = z.date({
  error: ({ input }) => (input instanceof Date ? 'invalid date' : undefined),
});

const eventQuery = z.strictObject({
  orgId: entityId,
  // Aliases have capitals; a type that nobody knows has no events.
  eventType: z.string().min(1).max(100).optional(),
  entityType: typeName.optional(),
  entityId: entityId.optional(),
  matterId: entityId.optional(),
  related: relatedEntity.optional(),
  correlationId: z.string().min(1).max(MAX_TEXT_LENGTH).optional(),
  from: time.optional(),
  to: time.optional(),
  order: z.enum(['newest', 'oldest']).optional(),
  limit: z.int().min(1).max(MAX_EVENTS_PER_PAGE).optional(),
  cursor: z.string().max(MAX_CURSOR_LENGTH).optional(),
});

/** What can be asked for, each with its index. Of those with the same filters the first is the default. */
const SHAPES: readonly QueryShape[] = [
  EVENTS_OF_ORG,
  EVENTS_OF_ORG_OLDEST,
  EVENTS_OF_TYPE,
  EVENTS_OF_TYPE_OLDEST,
  EVENTS_OF_ENTITY,
  EVENTS_OF_ENTITY_IN_MATTER,
  EVENTS_OF_ENTITY_TYPE,
  EVENTS_OF_MATTER,
  EVENTS_OF_CORRELATION,
  EVENTS_RELATED,
  EVENTS_RELATED_IN_MATTER,
];

/** A query that can be asked. */
export interface PlannedQuery extends TimeRange {
  readonly shape: QueryShape;
  /** One value for each field that the shape is asked with. */
  readonly equals: Readonly<Record<string, string>>;
  readonly limit: number;
  readonly cursor: string | undefined;
}

/**
 * Finds the declared query that answers this one. `typeOf`: the type that a name or an alias means.
 * Throws `invalid-input` for a value that cannot be, `unsupported-query` for a combination without an index.
 */
export function planQuery(query: EventQuery, typeOf: (name: string) => string): PlannedQuery {
  const said = readSaid(eventQuery, query, 'The events cannot be listed');
  const { correlationId, from, to, order, limit = DEFAULT_LIMIT, cursor, ...rest } = said;
  const eventType = rest.eventType === undefined ? undefined : typeOf(rest.eventType);
  const filters = { ...rest, eventType, 'metadata.correlationId': correlationId };
  const equals = Object.fromEntries(
    Object.entries(filters).flatMap(([field, value]) =>
      value === undefined ? [] : [[field, value] as const],
    ),
  );
  const shape = findShape(Object.keys(equals), order);
  return { shape, equals, ...rangeOf(from, to), limit, cursor };
}

/** What a caller said, held to its schema; throws `invalid-input` with the path of every problem. */
function readSaid<Schema extends z.ZodType>(
  schema: Schema,
  said: unknown,
  message: string,
): z.output<Schema> {
  const result = schema.safeParse(said);
  if (result.success) return result.data;
  const isWhole = result.error.issues.some(
    ({ path, code }) => path.length === 0 && code === 'invalid_type',
  );
  const problems = problemsOf(result.error.issues, isWhole ? 'query' : '');
  throw new CodedError('invalid-input', message, problems);
}

const countedEvents = eventQuery.pick({ orgId: true, from: true, to: true });

/** Whose events are counted, and of which time, to be asked with; throws `invalid-input`. */
export function planCount(counted: CountedEvents): { readonly orgId: string } & TimeRange {
  const { orgId, from, to } = readSaid(countedEvents, counted, 'The events cannot be counted');
  return { orgId, ...rangeOf(from, to) };
}

function findShape(fields: readonly string[], order: EventOrder | undefined): QueryShape {
  const shape = SHAPES.find(
    (candidate) =>
      filtersOf(candidate).length === fields.length &&
      filtersOf(candidate).every((field) => fields.includes(field)) &&
      (order === undefined || order === orderOf(candidate)),
  );
  if (shape !== undefined) return shape;
  const asked = [...fields.filter((field) => field !== 'orgId').map(nameOf), order ?? ''].join(' ');
  const message = `There is no index for ${asked.trim()}. One of these can be asked for: ${listing()}.`;
  throw new CodedError('unsupported-query', message);
}

/** `nothing (newest, oldest); eventType (newest, oldest); …` */
function listing(): string {
  const orders = new Map<string, EventOrder[]>();
  for (const shape of SHAPES) {
    const filters = filtersOf(shape)
      .filter((field) => field !== 'orgId')
      .map(nameOf);
    const name = filters.length === 0 ? 'no filter' : filters.join(' + ');
    orders.set(name, [...(orders.get(name) ?? []), orderOf(shape)]);
  }
  return [...orders].map(([name, all]) => `${name} (${all.join(', ')})`).join('; ');
}

/** The fields that a query is asked with. */
export function filtersOf({ equals, contains }: QueryShape): readonly string[] {
  return contains === undefined ? equals : [...equals, contains];
}

function nameOf(field: string): string {
  return field.replace('metadata.', '');
}

function orderOf({ orderBy }: QueryShape): EventOrder {
  return orderBy?.[1] === 'asc' ? 'oldest' : 'newest';
}
