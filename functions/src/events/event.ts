/** Who did it. */
export interface Actor {
  readonly actorType: 'user' | 'system' | 'service';
  readonly actorId: string;
}

/** Where an event came from. `correlationId` ties together all that one request caused. */
export interface EventMetadata {
  readonly correlationId: string;
  /** The event that caused this one. */
  readonly causationId?: string | undefined;
  readonly sourceService: string;
  readonly ipAddress?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly traceparent?: string | undefined;
  readonly custom?: Readonly<Record<string, unknown>> | undefined;
}

/** What an event says, apart from when it was written: what `contentHash` is made of, and more. */
export interface EventContent {
  readonly orgId: string;
  readonly eventType: string;
  readonly entityType: string;
  readonly entityId: string;
  readonly actor: Actor;
  readonly payload: unknown;
  readonly matterId?: string | undefined;
  readonly schemaVersion: number;
  readonly streamVersion?: number | undefined;
  readonly related: readonly string[];
  readonly occurredAt?: Date | undefined;
}

/**
 * An event as a subscriber gets it: what its emit said, with times as `Date`s.
 * Immutable: nothing ever changes one that is written.
 */
export interface DomainEvent extends EventContent {
  readonly eventId: string;
  readonly jobTypes: readonly string[];
  readonly metadata: EventMetadata;
  /** Of what was stored, whatever version the payload is handed out at. */
  readonly contentHash: string;
  /** The chain's hash before this event; a stream's first event has none. */
  readonly previousHash?: string | undefined;
  /** Whether it was written afterwards, of a time before: `occurredAt`. */
  readonly imported?: true | undefined;
}

/** Where events live. */
export const DOMAIN_EVENTS = 'domain_events';
