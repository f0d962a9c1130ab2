import type { OutboxJob } from '#outbox';
import { hashParts } from '#kernel';
import type { EventMetadata } from '../event.ts';
import { streamEventId, streamHash } from '../streams/stream.ts';
import type { EventInput } from './event-input.ts';

/** The job whose handler emits, or an event. */
export type Cause =
  | Pick<OutboxJob, 'id' | 'jobType' | 'eventId' | 'metadata'>
  | {
      readonly eventId: string;
      readonly metadata: Pick<EventMetadata, 'correlationId' | 'traceparent'>;
    };

/**
 * What an entity’s next event is caused by where it goes on from its last one: the event of this version of
 * its stream, from 1, known without a read by who keeps the stream’s correlation id on the entity’s document.
 */
export function lastEventOf(
  entity: Parameters<typeof streamHash>[0],
  { version, correlationId }: { readonly version: number; readonly correlationId: string },
): Cause {
  return { eventId: streamEventId(streamHash(entity), version), metadata: { correlationId } };
}

/**
 * Gives an event its cause's correlation, trace and event id; what the event says of these itself stays.
 *
 * With a job for a cause it also gets an idempotency key, of the job's id and of what the event is about: a
 * handler that is run again says nothing twice, also where it says things in another order. Two events of one
 * type about one entity need keys of their own. An event in a stream has its version for a key.
 */
export function withCause(said: EventInput, cause: Cause): EventInput {
  const { correlationId, traceparent } = cause.metadata;
  const { eventId: causationId } = cause;
  const metadata = {
    correlationId,
    ...(causationId === undefined ? {} : { causationId }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...sayingOf(said.metadata),
  };
  const hasKey = said.idempotencyKey !== undefined || said.stream !== undefined;
  if (hasKey || !('jobType' in cause)) return { ...said, metadata };
  return { ...said, metadata, idempotencyKey: `caused:${hashParts(cause.id, ...aboutOf(said))}` };
}

/** What is undefined was not said. */
function sayingOf(metadata: EventInput['metadata']): EventInput['metadata'] {
  const entries = Object.entries(metadata ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}

/** Of anything: what is no event is for `checkInput` to refuse. */
function aboutOf({ orgId, eventType, entityType, entityId }: EventInput): string[] {
  return [orgId, eventType, entityType, entityId].map(String);
}
