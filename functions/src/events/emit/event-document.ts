import { z } from 'zod';
import type { DomainEvent } from '../event.ts';
import { withDates } from './stored-value.ts';

/** What the caller of the emit said, as the type's schema let it through. */
const said = z.unknown().transform(withDates);

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
  custom: z.record(z.string(), said).optional(),
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
  payload: said,
  matterId: z.string().optional(),
  related: z.array(z.string()),
  jobTypes: z.array(z.string()),
  occurredAt: said.pipe(z.date()).optional(),
  metadata,
  contentHash: z.string(),
  previousHash: z.string().optional(),
  imported: z.literal(true).optional(),
});

/**
 * A stored event, at the version it was stored at: what hashes are made of. `Catalog.decode` hands it out at
 * the newest. Undefined for anything that is not one.
 */
export function decodeEvent(data: unknown): DomainEvent | undefined {
  const result = eventDocument.safeParse(data);
  return result.success ? result.data : undefined;
}
