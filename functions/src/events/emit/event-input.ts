import { z } from 'zod';
import type { Problem } from '#kernel';
import { CodedError, isEntityId, isTypeName, problemsOf } from '#kernel';
import type { Actor } from '../event.ts';
import { DOMAIN_EVENTS } from '../event.ts';
import { entityId, typeName } from '../identifiers.ts';

/** What the caller of an emit says; `eventType` and `payload` are typed by the catalog. */
export interface EventInput {
  readonly orgId: string;
  readonly eventType: string;
  readonly entityType: string;
  readonly entityId: string;
  readonly actor: Actor;
  readonly payload: unknown;
  /**
   * The version of its type that the payload fits; default the newest. Only an organization's own types
   * take an earlier one.
   */
  readonly schemaVersion?: number;
  /** The matter it belongs to: who may see it, and part of `related`. */
  readonly matterId?: string;
  /** Further parents, `<entityType>:<entityId>`; with the entity itself and the matter at most 10. */
  readonly related?: readonly string[];
  /** When it happened, where that is not now. */
  readonly occurredAt?: Date;
  /** 1–200 characters; a second emit with the same key from the same source is not a second event. */
  readonly idempotencyKey?: string;
  /**
   * 1–200 characters; what else a second emit with the same key has to say to be taken for the first again:
   * a hash of the whole request that this event is a part of. Kept beside the event, not part of it.
   */
  readonly requestHash?: string;
  /** Its jobs are not run before this time; their age counts from there. Not part of the event. */
  readonly notBefore?: Date;
  /** `bulk`: its jobs must not hold up others, and run after them. Not part of the event. */
  readonly priority?: 'bulk';
  /** Appends to the entity's stream; asks for a transaction. */
  readonly stream?: StreamPosition;
  /** Texts of 1–200 characters, `userAgent` 1–500; `custom` at most 16 KB encoded. */
  readonly metadata?: Partial<{
    correlationId: string;
    causationId: string;
    sourceService: string;
    ipAddress: string;
    userAgent: string;
    traceparent: string;
    custom: Readonly<Record<string, unknown>>;
  }>;
}

/** Where in its stream an event is expected to land. */
export interface StreamPosition {
  /** The version before this event, 0 for a new stream; `any` appends wherever the end is. */
  readonly expectedVersion: number | 'any';
  /**
   * Path of the entity's own document where its head is kept as `stream`; default `streams/{hash}`.
   * Never a document of this backend's own collections, `streams` among them.
   */
  readonly headPath?: string;
}

const MAX_RELATED = 10;
const MAX_KEY_LENGTH = 200;
const RELATED = /^([^:]+):([^:]+)$/;
/** Metadata is text of this length … */
export const MAX_TEXT_LENGTH = 200;
/** … and browsers say more of themselves. */
export const MAX_USER_AGENT_LENGTH = 500;
const DOCUMENT_PATH = /^[^/]+\/[^/]+(\/[^/]+\/[^/]+)*$/;

const NO_SEGMENT = /^(\.|\.\.|__.*__)$/;
/** A head there would break the rows that live there, or be taken for one. */
const OWN_COLLECTIONS: ReadonlySet<string> = new Set([
  DOMAIN_EVENTS,
  ...'streams snapshots commands inbox event_types projection_state operations archives'.split(' '),
  ...'outbox outbox_controls outbox_metrics audit_log rate_limits inbound_refused'.split(' '),
  ...'notifications notification_ledger notification_preferences digest_items'.split(' '),
  ...'email_suppressions webhook_endpoints webhook_deliveries shadow_deliveries'.split(' '),
]);

/** An entity among those that an event is related to: `<entityType>:<entityId>`. */
export const relatedEntity = z.string().refine((entry) => {
  const [, type = '', id = ''] = RELATED.exec(entry) ?? [];
  return isTypeName(type) && isEntityId(id);
}, 'expected <entityType>:<entityId>');

function text(maxLength: number) {
  return z
    .string()
    .refine(
      (said) => said.length >= 1 && said.length <= maxLength && said.isWellFormed(),
      `expected 1 to ${maxLength} characters`,
    );
}

const headPath = z
  .string()
  .refine(
    (path) => DOCUMENT_PATH.test(path) && path.isWellFormed() && !hasNoSegment(path),
    'expected the path of a document',
  )
  .refine(
    (path) => !isOwnCollection(path.split('/', 1)[0] ?? ''),
    'expected a document of the entity’s own, not one of this backend’s',
  );

function isOwnCollection(name: string): boolean {
  return OWN_COLLECTIONS.has(name) || name.startsWith('projections_');
}

/** Whether a part of the path is none that Firestore takes. */
function hasNoSegment(path: string): boolean {
  return path.split('/').some((segment) => NO_SEGMENT.test(segment));
}

const time = z.date({
  error: ({ input }) => (input instanceof Date ? 'invalid date' : undefined),
});

/** Checked although it is typed: what is stored wrong stays wrong, and no subscriber could read it. */
const eventInput = z.strictObject({
  orgId: entityId,
  eventType: typeName,
  entityType: typeName,
  entityId,
  actor: z.object({ actorType: z.enum(['user', 'system', 'service']), actorId: entityId }),
  payload: z.unknown(),
  schemaVersion: z.int().min(1).optional(),
  matterId: entityId.optional(),
  related: z.array(relatedEntity).optional(),
  occurredAt: time.optional(),
  notBefore: time.optional(),
  priority: z.literal('bulk').optional(),
  idempotencyKey: text(MAX_KEY_LENGTH).optional(),
  requestHash: text(MAX_TEXT_LENGTH).optional(),
  stream: z
    .strictObject({
      expectedVersion: z.union(
        [z.literal('any'), z.int().min(0)],
        'expected a whole number from 0, or "any"',
      ),
      headPath: headPath.optional(),
    })
    .optional(),
  metadata: z
    .strictObject({
      correlationId: text(MAX_TEXT_LENGTH),
      causationId: text(MAX_TEXT_LENGTH),
      sourceService: text(MAX_TEXT_LENGTH),
      ipAddress: text(MAX_TEXT_LENGTH),
      userAgent: text(MAX_USER_AGENT_LENGTH),
      traceparent: text(MAX_TEXT_LENGTH),
      custom: z.record(z.string(), z.unknown()),
    })
    .partial()
    .optional(),
});

/** The entity itself, its matter, and what else it belongs to: what timelines ask for. */
export function relatedOf(input: EventInput): string[] {
  const matter = input.matterId === undefined ? [] : [`matter:${input.matterId}`];
  const all = [`${input.entityType}:${input.entityId}`, ...matter, ...(input.related ?? [])];
  return [...new Set(all)];
}

/** Every problem of the input but its payload, which the catalog checks. */
export function problemsInInput(input: EventInput): Problem[] {
  const result = eventInput.safeParse(input);
  return result.success ? tooManyRelated(input) : problemsOf(result.error.issues);
}

/** Throws `invalid-event` with what `problemsInInput` finds. */
export function checkInput(input: EventInput): void {
  const problems = problemsInInput(input);
  if (problems.length > 0) {
    throw new CodedError('invalid-event', 'The event cannot be emitted', problems);
  }
}

function tooManyRelated(input: EventInput): Problem[] {
  if (relatedOf(input).length <= MAX_RELATED) return [];
  return [{ path: 'related', message: `at most ${MAX_RELATED}, with the entity and its matter` }];
}
