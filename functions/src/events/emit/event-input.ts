import type { Problem } from '#kernel';
import { CodedError, ENTITY_ID_RULE, isEntityId, isTypeName, TYPE_NAME_RULE } from '#kernel';
import type { Actor } from '../event.ts';

/** What the caller of an emit says; `eventType` and `payload` are typed by the catalog. */
export interface EventInput {
  readonly orgId: string;
  readonly eventType: string;
  readonly entityType: string;
  readonly entityId: string;
  readonly actor: Actor;
  readonly payload: unknown;
  /** The matter it belongs to: who may see it, and part of `related`. */
  readonly matterId?: string;
  /** Further parents, `<entityType>:<entityId>`; with the entity itself and the matter at most 10. */
  readonly related?: readonly string[];
  /** When it happened, where that is not now. */
  readonly occurredAt?: Date;
  /** 1–200 characters; a second emit with the same key from the same source is not a second event. */
  readonly idempotencyKey?: string;
  /** Appends to the entity's stream; asks for a transaction. */
  readonly stream?: StreamPosition;
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
  /** Path of the entity's own document where its head is kept as `stream`; default `streams/{hash}`. */
  readonly headPath?: string;
}

const MAX_RELATED = 10;
const MAX_KEY_LENGTH = 200;
const RELATED = /^([^:]+):([^:]+)$/;

/** The entity itself, its matter, and what else it belongs to: what timelines ask for. */
export function relatedOf(input: EventInput): string[] {
  const matter = input.matterId === undefined ? [] : [`matter:${input.matterId}`];
  const all = [`${input.entityType}:${input.entityId}`, ...matter, ...(input.related ?? [])];
  return [...new Set(all)];
}

/** Throws `invalid-event` with every problem of the input but its payload, which the catalog checks. */
export function checkInput(input: EventInput): void {
  const problems: Problem[] = [
    ...idProblem('orgId', input.orgId),
    ...typeProblem('eventType', input.eventType),
    ...typeProblem('entityType', input.entityType),
    ...idProblem('entityId', input.entityId),
    ...idProblem('actor.actorId', input.actor.actorId),
    ...(input.matterId === undefined ? [] : idProblem('matterId', input.matterId)),
    ...relatedProblems(relatedOf(input)),
    ...keyProblem(input.idempotencyKey),
    ...versionProblem(input.stream?.expectedVersion),
  ];
  if (problems.length > 0) {
    throw new CodedError('invalid-event', 'The event cannot be emitted', problems);
  }
}

function idProblem(path: string, value: string): Problem[] {
  return isEntityId(value) ? [] : [{ path, message: `expected ${ENTITY_ID_RULE}` }];
}

function typeProblem(path: string, value: string): Problem[] {
  return isTypeName(value) ? [] : [{ path, message: `expected ${TYPE_NAME_RULE}` }];
}

function relatedProblems(related: readonly string[]): Problem[] {
  if (related.length > MAX_RELATED) {
    return [{ path: 'related', message: `at most ${MAX_RELATED}, with the entity and its matter` }];
  }
  return related.flatMap((entry, index) => {
    const [, type = '', id = ''] = RELATED.exec(entry) ?? [];
    const isValid = isTypeName(type) && isEntityId(id);
    return isValid ? [] : [{ path: `related.${index}`, message: 'expected <entityType>:<entityId>' }];
  });
}

function keyProblem(key: string | undefined): Problem[] {
  if (key === undefined || (key.length >= 1 && key.length <= MAX_KEY_LENGTH && key.isWellFormed())) {
    return [];
  }
  return [{ path: 'idempotencyKey', message: `expected 1 to ${MAX_KEY_LENGTH} characters` }];
}

function versionProblem(version: number | 'any' | undefined): Problem[] {
  if (version === undefined || version === 'any') return [];
  return Number.isSafeInteger(version) && version >= 0
    ? []
    : [{ path: 'stream.expectedVersion', message: 'expected a whole number from 0, or "any"' }];
}
