import { z } from 'zod';
import type { DomainEvent } from '../event.ts';

const actor = z.object({
  actorType: z.enum(['user', 'system', 'service']),
  actorId: z.string(),
});

const metadata = z.object({
  correlationId: z.string(),
  causationId: z.string().optional(),
  sourceService: z.string(),
  ipAddress: z.string().optional(),
  userAgent: z.string().optional(),
  traceparent: z.string().optional(),
  custom: z.record(z.string(), z.unknown()).optional(),
});

const date = z.unknown().transform((value, context) => {
  if (value instanceof Date) return value;
  if (typeof value === 'object' && value !== null && 'toDate' in value) {
    const { toDate } = value;
    if (typeof toDate === 'function') return toDate.call(value) as Date;
  }
  context.addIssue({ code: 'custom', message: 'expected a timestamp' });
  return z.NEVER;
});

const eventDocument = z.object({
  eventId: z.string(),
  orgId: z.string(),
  eventType: z.string(),
  schemaVersion: z.number(),
  entityType: z.string(),
  entityId: z.string(),
  streamVersion: z.number().optional(),
  actor,
  payload: z.unknown(),
  matterId: z.string().optional(),
  related: z.array(z.string()),
  jobTypes: z.array(z.string()),
  occurredAt: date.optional(),
  metadata,
  contentHash: z.string(),
  previousHash: z.string().optional(),
});

/** A stored event; undefined for anything that is not one. */
export function decodeEvent(data: unknown): DomainEvent | undefined {
  const result = eventDocument.safeParse(data);
  return result.success ? result.data : undefined;
}
