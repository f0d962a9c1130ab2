import { CodedError, hashParts } from '#kernel';
import type { EventInput } from '../emit/event-input.ts';

/** The end of a stream, kept in one document that every append reads and writes. */
export interface StreamHead {
  /** How many events the stream has. */
  readonly version: number;
  /** The chain hash of its last event. */
  readonly hash: string;
  /** Token of the transaction that wrote it. */
  readonly by: string;
  /** Events up to this version have left for the archive. */
  readonly archivedThrough?: number;
}

const VERSION_DIGITS = 9;
/** The last version a stream can have: 999,999,999. */
export const MAX_VERSION = 10 ** VERSION_DIGITS - 1;
const EMPTY: StreamHead = { version: 0, hash: '', by: '' };

/** What names a stream: 20 hex digits of the hash of its entity. */
export function streamHash(entity: Pick<EventInput, 'orgId' | 'entityType' | 'entityId'>): string {
  return hashParts(entity.orgId, entity.entityType, entity.entityId).slice(0, 20);
}

/** The id of a stream's event: unique by construction, and a stream loads by a range of ids. */
export function streamEventId(hash: string, version: number): string {
  return `${hash}-${String(version).padStart(VERSION_DIGITS, '0')}`;
}

/** Where a stream's head is when the entity has no document of its own for it. */
export function defaultHeadPath(hash: string): string {
  return `streams/${hash}`;
}

/** As `defaultHeadPath`, of an event's entity. */
export function defaultHeadPathOf(entity: Parameters<typeof streamHash>[0]): string {
  return defaultHeadPath(streamHash(entity));
}

/** The head in a document's `stream` field; an empty stream where there is none. */
export function readHead(data: Readonly<Record<string, unknown>> | undefined): StreamHead {
  const stream = data?.['stream'];
  return isHead(stream) ? stream : EMPTY;
}

function isHead(value: unknown): value is StreamHead {
  return typeof value === 'object' && value !== null && 'version' in value && 'hash' in value;
}

/** The version an append gets, or a typed conflict that says which version the stream really has. */
export function nextVersion(head: StreamHead, expectedVersion: number | 'any'): number {
  if (expectedVersion !== 'any' && expectedVersion !== head.version) {
    throw new StreamConflictError(expectedVersion, head.version);
  }
  if (head.version >= MAX_VERSION)
    throw new CodedError('failed-precondition', 'The stream is full.');
  return head.version + 1;
}

/** Somebody else appended first, or the caller acts on a state that never was. Read again and decide again. */
export class StreamConflictError extends CodedError {
  readonly expectedVersion: number;
  readonly actualVersion: number;

  constructor(expectedVersion: number, actualVersion: number) {
    const message = `Version ${expectedVersion} was expected, but the entity is at version ${actualVersion}.`;
    super('stream-conflict', message);
    this.expectedVersion = expectedVersion;
    this.actualVersion = actualVersion;
  }
}
