import type { DocumentData, DocumentWrite, Ids, Problem } from '#kernel';
import { CodedError, hashParts, SERVER_TIME, traceparentNow } from '#kernel';
import type { NewJob, SlotCounts } from '#outbox';
import { jobId, recordPendingJob } from '#outbox';
import type { PayloadReader } from '../catalog/catalog.ts';
import type { EventContent, EventMetadata } from '../event.ts';
import { DOMAIN_EVENTS } from '../event.ts';
import type { StreamHead } from '../streams/stream.ts';
import { nextVersion, streamEventId, streamHash } from '../streams/stream.ts';
import { problemsInValue, protoFieldsIn } from './canonical.ts';
import { chainHash, contentHash } from './content-hash.ts';
import { encodedBytes } from './encoded-size.ts';
import type { EventInput, StreamPosition } from './event-input.ts';
import { problemsInInput, relatedOf } from './event-input.ts';
import { MAX_EVENT_BYTES, tooLarge } from './event-size.ts';
import { placeInStream } from './place-in-stream.ts';

/** The encoded size of `metadata.custom`: it is about the event, not what it says. */
const MAX_CUSTOM_BYTES = 16 * 1024;

/** A job that an event gets: one per matching subscription. */
export interface JobRegistration {
  readonly jobType: string;
  readonly maxAttempts: number;
  /** Whether the jobs of one stream run in version order. */
  readonly isOrdered: boolean;
}

/** What planning needs besides the event itself. */
export interface PlanContext {
  readonly catalog: PayloadReader;
  readonly jobsFor: (eventType: string) => readonly JobRegistration[];
  readonly slots: SlotCounts;
  readonly ids: Ids;
  /** `metadata.sourceService` where the caller names none. */
  readonly sourceService: string;
}

/** An event ready to be committed, all of it decided. */
export interface PlannedEvent {
  readonly eventId: string;
  readonly jobIds: readonly string[];
  readonly content: EventContent;
  /** See `EventInput`. */
  readonly requestHash: string | undefined;
  /** The event first, then its jobs: one commit or none of them. */
  readonly writes: readonly DocumentWrite[];
  readonly bytes: number;
  /** The stream's new head, for an event in a stream. */
  readonly head: StreamHead | undefined;
}

/** Where a streamed event lands: its stream's head as read in the same transaction. */
export interface Appending {
  readonly position: StreamPosition;
  readonly head: StreamHead;
}

/**
 * Decides everything about an event before anything is written: its id, hash, jobs and size.
 * Throws `invalid-event`, `payload-too-large` or `stream-conflict`.
 *
 * @param token who writes it: a writer that lost the answer to its commit knows its own event by it.
 */
export function planEvent(
  context: PlanContext,
  input: EventInput,
  token: string,
  appending: Appending | undefined,
): PlannedEvent {
  refuseInvalid(context, input);
  const { version: schemaVersion, payload } = parse(context, input);
  const metadata = metadataOf(context, input);
  refuseUnstorable(input, payload, metadata);

  const version = appending && nextVersion(appending.head, appending.position.expectedVersion);
  const content = contentOf(input, { schemaVersion, payload, streamVersion: version });
  const hash = contentHash(content);
  const eventId = eventIdOf(context, input, { source: metadata.sourceService, version });
  const previousHash = appending?.head.version === 0 ? undefined : appending?.head.hash;
  const registrations = context.jobsFor(input.eventType);

  const data = withoutUndefined({
    eventId,
    ...content,
    jobTypes: registrations.map(({ jobType }) => jobType),
    timestamp: SERVER_TIME,
    metadata: withoutUndefined({ ...metadata }),
    contentHash: hash,
    previousHash,
    requestHash: input.requestHash,
    by: token,
  });
  const bytes = refuseTooLarge(data);
  const { slots } = context;
  const jobs = jobsOf(input, { eventId, metadata, registrations, slots, version });
  const head = version === undefined ? undefined : headAfter(appending?.head, version, hash, token);
  const eventWrite: DocumentWrite = { kind: 'create', path: `${DOMAIN_EVENTS}/${eventId}`, data };
  return {
    eventId,
    jobIds: jobIdsOf(
      input.orgId,
      eventId,
      registrations.map(({ jobType }) => jobType),
    ),
    content,
    requestHash: input.requestHash,
    writes: [eventWrite, ...jobs],
    bytes,
    head,
  };
}

function parse(
  { catalog }: PlanContext,
  { eventType, payload, schemaVersion }: EventInput,
): ReturnType<PayloadReader['parse']> {
  return catalog.parse(eventType, payload, schemaVersion);
}

/** Who mends an event wants all that is wrong with it at once: the payload's problems too. */
function refuseInvalid(context: PlanContext, input: EventInput): void {
  const problems = problemsInInput(input);
  if (problems.length === 0) return;
  const all = [...problems, ...problemsInPayload(context, input, problems)];
  throw new CodedError('invalid-event', 'The event cannot be emitted', all);
}

function problemsInPayload(
  context: PlanContext,
  input: EventInput,
  others: readonly Problem[],
): readonly Problem[] {
  // Of no type, or of none that can be told, it fits or does not fit nothing.
  const needed = new Set(['', 'eventType', 'schemaVersion']);
  if (others.some(({ path }) => needed.has(path))) return [];
  try {
    parse(context, input);
    return [];
  } catch (error) {
    if (error instanceof CodedError) return error.problems;
    throw error;
  }
}

function headAfter(
  before: StreamHead | undefined,
  version: number,
  content: string,
  by: string,
): StreamHead {
  return { ...before, version, hash: chainHash(before?.hash ?? '', version, content), by };
}

/** The ids of an event's jobs, by its `jobTypes`. */
export function jobIdsOf(orgId: string, eventId: string, jobTypes: readonly string[]): string[] {
  return jobTypes.map((jobType) => jobId({ jobType, orgId, causeId: eventId }));
}

function metadataOf({ ids, sourceService }: PlanContext, { metadata }: EventInput): EventMetadata {
  const traceparent = traceparentNow(metadata?.traceparent);
  return {
    ...metadata,
    ...(traceparent === undefined ? {} : { traceparent }),
    correlationId: metadata?.correlationId ?? ids.correlationId(),
    sourceService: metadata?.sourceService ?? sourceService,
  };
}

function refuseUnstorable(input: EventInput, payload: unknown, metadata: EventMetadata): void {
  const defined = withoutUndefined({ ...metadata });
  const problems = [
    ...problemsInValue(input.occurredAt ?? null, 'occurredAt', 2),
    ...problemsInValue(input.notBefore ?? null, 'notBefore', 2),
    ...unlessEmpty(problemsInValue(payload, 'payload', 2), () =>
      protoFieldsIn(input.payload, 'payload', 2),
    ),
    ...problemsInValue(defined, 'metadata', 2),
  ];
  // Only what can be stored has a size.
  const refused = problems.length > 0 ? problems : tooLargeCustom(metadata);
  if (refused.length > 0) {
    throw new CodedError('invalid-event', 'The event cannot be emitted', refused);
  }
}

function unlessEmpty(problems: Problem[], others: () => Problem[]): Problem[] {
  return problems.length > 0 ? problems : others();
}

function tooLargeCustom({ custom = {} }: EventMetadata): Problem[] {
  const bytes = encodedBytes(custom);
  if (bytes <= MAX_CUSTOM_BYTES) return [];
  const message = `${bytes} bytes, at most ${MAX_CUSTOM_BYTES}`;
  return [{ path: 'metadata.custom', message }];
}

function contentOf(
  input: EventInput,
  rest: Pick<EventContent, 'schemaVersion' | 'payload' | 'streamVersion'>,
): EventContent {
  const { orgId, eventType, entityType, entityId, actor, matterId, occurredAt } = input;
  return {
    orgId,
    eventType,
    entityType,
    entityId,
    matterId,
    occurredAt,
    actor: {
      actorType: actor.actorType,
      actorId: actor.actorId,
    },
    ...rest,
    related: relatedOf(input),
  };
}

function eventIdOf(
  { ids }: PlanContext,
  input: EventInput,
  { source, version }: { source: string; version: number | undefined },
): string {
  if (version !== undefined) return streamEventId(streamHash(input), version);
  if (input.idempotencyKey === undefined) return ids.documentId();
  return hashParts(input.orgId, source, input.idempotencyKey).slice(0, 40);
}

function refuseTooLarge(data: DocumentData): number {
  const bytes = encodedBytes(data);
  if (bytes > MAX_EVENT_BYTES) throw tooLarge(bytes);
  return bytes;
}

function jobsOf(
  input: EventInput,
  event: {
    readonly eventId: string;
    readonly metadata: EventMetadata;
    readonly registrations: readonly JobRegistration[];
    readonly slots: SlotCounts;
    readonly version: number | undefined;
  },
): DocumentWrite[] {
  const { correlationId, traceparent } = event.metadata;
  return event.registrations.map(({ jobType, maxAttempts, isOrdered }) => {
    const job: NewJob = {
      ...(isOrdered ? { place: placeInStream(jobType, input, event.version) } : {}),
      jobType,
      orgId: input.orgId,
      causeId: event.eventId,
      eventId: event.eventId,
      eventType: input.eventType,
      notBefore: input.notBefore,
      priority: input.priority,
      metadata: {
        correlationId,
        ...(traceparent === undefined ? {} : { traceparent }),
      },
    };
    return recordPendingJob(job, { slots: event.slots, maxAttempts });
  });
}

function withoutUndefined(data: DocumentData): DocumentData {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
}
