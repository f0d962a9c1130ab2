import { z } from 'zod';
import type { CausationNode, CausationTree, RecordedEvent } from '#events';
import type { OutboxJob } from '#outbox';
import { timeText } from './fields.ts';
import type { Visit } from './route.ts';
import { seesAll } from './visibility.ts';

/** An event as the API shows it. */
export const eventDocument = z.strictObject({
  eventId: z.string(),
  orgId: z.string(),
  eventType: z.string(),
  schemaVersion: z.int(),
  entityType: z.string(),
  entityId: z.string(),
  streamVersion: z.int().optional(),
  actor: z.strictObject({ actorType: z.enum(['user', 'system', 'service']), actorId: z.string() }),
  payload: z.unknown(),
  matterId: z.string().optional(),
  related: z.array(z.string()),
  jobTypes: z.array(z.string()),
  recordedAt: timeText,
  occurredAt: timeText.optional(),
  metadata: z.strictObject({
    correlationId: z.string(),
    causationId: z.string().optional(),
    sourceService: z.string(),
    ipAddress: z.string().optional(),
    userAgent: z.string().optional(),
    traceparent: z.string().optional(),
    custom: z.record(z.string(), z.unknown()).optional(),
  }),
  contentHash: z.string(),
  previousHash: z.string().optional(),
  imported: z.literal(true).optional(),
});

/** Some of the events that were asked for. */
export const eventPageDocument = z.strictObject({
  events: z.array(eventDocument),
  nextCursor: z.string().optional(),
});

/** An event and what it caused. */
const causationNode = z.strictObject({
  event: eventDocument,
  causeMissing: z.boolean(),
  causesItself: z.boolean(),
  get effects(): z.ZodArray<z.ZodType> {
    return z.array(causationNode);
  },
});

/** What led to an event and what came of it. */
export const causationDocument = z.strictObject({
  roots: z.array(causationNode),
  path: z.array(z.string()),
  truncated: z.boolean(),
});

/** A job of an event, without what it would send and to whom. */
export const jobDocument = z.strictObject({
  id: z.string(),
  jobType: z.string(),
  status: z.enum(['pending', 'processing', 'sent', 'failed', 'cancelled']),
  attempts: z.int(),
  maxAttempts: z.int(),
  redrives: z.int(),
  nextAttemptAt: timeText.optional(),
  sentAt: timeText.optional(),
  failure: z.strictObject({ reason: z.string(), at: timeText }).optional(),
  lastError: z.strictObject({ code: z.string(), message: z.string(), at: timeText }).optional(),
});

/** All schemas that answers refer to by name. */
export const NAMED = {
  Event: eventDocument,
  EventPage: eventPageDocument,
  Causation: causationDocument,
  CausationNode: causationNode,
  Job: jobDocument,
};

/** An event for a caller: from where it came is for those who look after the organization. */
export function showEvent(
  event: RecordedEvent,
  visit: Pick<Visit, 'role'>,
): z.input<typeof eventDocument> {
  const { recordedAt, occurredAt, ...rest } = event;
  const { ipAddress, userAgent, ...metadata } = event.metadata;
  return {
    ...rest,
    related: [...rest.related],
    jobTypes: [...rest.jobTypes],
    recordedAt: recordedAt.toISOString(),
    occurredAt: occurredAt?.toISOString(),
    metadata: { ...metadata, ...(seesAll(visit) ? { ipAddress, userAgent } : {}) },
  };
}

/** A causation tree for a caller who may see all that is in it. */
export function showCausation({ roots, path, truncated }: CausationTree, visit: Visit): unknown {
  const show = ({ event, effects, ...rest }: CausationNode): unknown => ({
    event: showEvent(event, visit),
    ...rest,
    effects: effects.map(show),
  });
  return { roots: roots.map(show), path, truncated };
}

/** A job for those who look after the organization. */
export function showJob(job: OutboxJob): z.input<typeof jobDocument> {
  const { id, jobType, status, attempts, maxAttempts, redrives } = job;
  const about = { id, jobType, status, attempts, maxAttempts, redrives };
  return {
    ...about,
    nextAttemptAt: textOf(job.nextAttemptAt),
    sentAt: textOf(job.sentAt),
    failure: job.failure && { reason: job.failure.reason, at: timeOf(job.failure.at) },
    lastError: job.lastError && { ...job.lastError, at: timeOf(job.lastError.at) },
  };
}

/** A time that may not be there. */
export function textOf(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : timeOf(ms);
}

/** A time as answers say it. */
export function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
