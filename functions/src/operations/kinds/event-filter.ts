import { z } from 'zod';
import type { EventQueries } from '#events/firestore';
import type { EventQuery } from '#events';
import { isEntityId, isTypeName } from '#kernel';

const MOST_TYPES = 50;

/** An organization, as its parameters name it. */
export const orgId = z.string().refine(isEntityId, 'expected an organization’s id');

/** Events of a time and of some types. Recorded at `from` or later, and before `to`. */
export const timeFilter = {
  orgId,
  eventTypes: z.array(z.string().refine(isTypeName)).min(1).max(MOST_TYPES).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
};

/** Whether there is any time between them: what is asked for such a time is refused when it is started. */
export function isForward({ from, to }: Pick<EventFilter, 'from' | 'to'>): boolean {
  // What is no time is said by its own schema.
  return from === undefined || to === undefined || !(Date.parse(from) >= Date.parse(to));
}

/** What is said otherwise. */
export const NOT_FORWARD = { path: ['to'], message: 'expected later than from' };

/** As that, and of an entity or a request; what goes together is asked when it is started. */
export const eventFilter = {
  ...timeFilter,
  entityType: z.string().refine(isTypeName).optional(),
  entityId: z.string().refine(isEntityId).optional(),
  correlationId: z.string().min(1).max(200).optional(),
};

/** Which events of a tenant an operation is about. */
export interface EventFilter {
  readonly orgId: string;
  readonly eventTypes?: readonly string[] | undefined;
  readonly entityType?: string | undefined;
  readonly entityId?: string | undefined;
  readonly correlationId?: string | undefined;
  /** Recorded at this time or later, and before that one. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/**
 * The events before `endsAt`, oldest first; of an entity or a request in the order that they are listed in. One type
 * alone has an index; of several the others are read, to be left out by `isOfType`.
 */
export function queryOf(filter: EventFilter, endsAt?: Date): EventQuery {
  const { orgId: of, eventTypes = [], entityType, entityId, correlationId, from, to } = filter;
  const isNarrow = [entityType, entityId, correlationId].some((said) => said !== undefined);
  const ends = [to === undefined ? undefined : new Date(to), endsAt].filter(
    (at) => at !== undefined,
  );
  return {
    orgId: of,
    entityType,
    entityId,
    correlationId,
    eventType: eventTypes.length === 1 && !isNarrow ? eventTypes[0] : undefined,
    from: from === undefined ? undefined : new Date(from),
    to: ends.toSorted((a, b) => a.getTime() - b.getTime())[0],
    order: isNarrow ? undefined : 'oldest',
  };
}

/** Whether an event is of the types that were asked for. */
export function isOfType({ eventTypes }: EventFilter, eventType: string): boolean {
  return eventTypes?.includes(eventType) !== false;
}

/** How many events there are, where no filter but the time is said. Throws for filters without an index. */
export async function estimateEvents(
  events: Pick<EventQueries, 'list' | 'count'>,
  filter: EventFilter,
): Promise<number | undefined> {
  const query = queryOf(filter);
  await events.list({ ...query, limit: 1 });
  const { orgId: of, from, to, order: _, ...narrowing } = query;
  const isWhole = Object.values(narrowing).every((said) => said === undefined);
  return isWhole ? (await events.count({ orgId: of, from, to })).total : undefined;
}
