import { z } from 'zod';
import { hashParts } from '#kernel';
import type { AnyEventInput } from '../ports.ts';
import type { Visit } from '../route.ts';
import { eventType, id, time, typeName } from '../fields.ts';

/** What a producer says of an event; the rest follows from the call. Emitting checks it to the last word. */
export const eventBody = z.strictObject({
  eventType,
  entityType: typeName,
  entityId: id,
  payload: z.unknown(),
  schemaVersion: z.int().min(1).optional(),
  matterId: id.optional(),
  related: z.array(z.string().max(230)).max(10).optional(),
  occurredAt: time.optional(),
  idempotencyKey: z.string().min(1).max(200).optional(),
  metadata: z
    .strictObject({
      causationId: z.string().min(1).max(200).optional(),
      // Not a record: that would leave out a `__proto__`, which emitting refuses.
      custom: z.unknown().optional(),
    })
    .optional(),
});

const MAX_EVENTS = 100;

/** Several events, all or none. */
export const eventsBody = z.strictObject({ events: z.array(eventBody).min(1).max(MAX_EVENTS) });

/** So many that their problems alone would fill the memory: nobody looks at them one by one. */
const tooManyEvents = z.object({ events: z.array(z.unknown()).max(MAX_EVENTS) });

export type EventBody = z.output<typeof eventBody>;
export type EventsBody = z.output<typeof eventsBody>;

/** What a body is held to: several events where it says so, else one. */
export function schemaForBody(value: unknown): z.ZodType {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'events')) {
    return eventBody;
  }
  const { events } = value as { readonly events: unknown };
  return Array.isArray(events) && events.length > MAX_EVENTS ? tooManyEvents : eventsBody;
}

/**
 * An event as it is emitted: by the service that called, in the call's organization and correlation.
 * Keys are the producer's own: two producers may use the same, and neither meets those of this backend.
 */
export function toEventInput(said: EventBody, visit: Visit, part: PartOfRequest): AnyEventInput {
  const { correlationId, traceparent, ipAddress, userAgent, orgId } = visit;
  const { metadata, ...about } = said;
  const from = { correlationId, traceparent, ipAddress, userAgent };
  return {
    ...defined({ ...about, ...part }),
    orgId,
    actor: { actorType: 'service', actorId: visit.caller.uid },
    metadata: defined({ ...from, ...metadata, sourceService: `api:${visit.caller.uid}` }),
  } as AnyEventInput;
}

/** What makes an event one of a request that has a key. */
interface PartOfRequest {
  readonly idempotencyKey?: string;
  readonly requestHash?: string | undefined;
}

/**
 * An event of a request; with a key, the first of two requests that have the same and are not the same
 * contradict each other, and nothing of the second is written. Nothing where there is no key.
 */
export function partOfRequest(
  {
    idempotencyKey,
    bodyHash,
  }: { idempotencyKey: string | undefined; bodyHash?: string | undefined },
  index: number,
): PartOfRequest {
  if (idempotencyKey === undefined) return {};
  const key = hashParts(idempotencyKey, String(index));
  return { idempotencyKey: `part:${key}`, requestHash: bodyHash };
}

function defined(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
