import type { DocumentData } from '#kernel';
import type { DomainEvent } from '../event.ts';
import { streamEventId, streamHash } from '../streams/stream.ts';

/** What an event of these tests says; the rest is an invoice that was sent, in the stream of `i1`. */
export interface EventSaid extends Partial<DomainEvent> {
  /** What its entity's stream has with it; undefined for an event in none. */
  readonly streamVersion?: number;
}

/** An event with everything in it; its id is that of its place in the stream, where it has one. */
export function anInvoiceEvent(said: EventSaid = {}): DomainEvent {
  const entity = { orgId: 'org1', entityType: 'invoice', entityId: 'i1', ...said };
  const { streamVersion } = said;
  const eventId =
    streamVersion === undefined ? 'event1' : streamEventId(streamHash(entity), streamVersion);
  return {
    eventId,
    eventType: 'invoice.sent',
    schemaVersion: said.eventType === undefined || said.eventType === 'invoice.sent' ? 2 : 1,
    actor: { actorType: 'user', actorId: 'ada' },
    payload: { amountMinor: 100 },
    matterId: 'm1',
    related: [],
    jobTypes: [],
    metadata: { correlationId: 'c1', sourceService: 'tests' },
    contentHash: '',
    ...entity,
  };
}

/** An event as a document, recorded at this time. */
export function documentOf(event: DomainEvent, timestamp: unknown): DocumentData {
  const { occurredAt: _, ...stored } = event;
  return Object.fromEntries(
    Object.entries({ ...stored, timestamp }).filter(([, value]) => value !== undefined),
  );
}
