import { createHash } from 'node:crypto';

/** Where new ids come from. Injected, so that tests and simulations repeat themselves. */
export interface Ids {
  /** 20 random base-62 characters: a document id that is never sequential. */
  documentId(): string;
  /** A UUID that ties together all that one request caused. */
  correlationId(): string;
}

/** Where randomness comes from: a number in [0, 1). */
export interface Random {
  next(): number;
}

/**
 * SHA-256 over parts that cannot run into each other, as lower-case hex.
 * `hashParts('a', 'bc')` differs from `hashParts('ab', 'c')`: every part is hashed with its length.
 */
export function hashParts(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part}`);
  return hash.digest('hex');
}

const ID = /^[A-Za-z0-9_-]{1,128}$/;
const RESERVED_ID = /^__.*__$/;
const TYPE_NAME = /^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/;
const TYPE_NAME_MAX_LENGTH = 100;

/** Whether `value` may be an orgId, uid, entityId or matterId: 1–128 of `A-Za-z0-9_-`, not `__…__`. */
export function isEntityId(value: string): boolean {
  return ID.test(value) && !RESERVED_ID.test(value);
}

/** Whether `value` may name an event type, job type or entity type: `invoice.sent`, at most 100 characters. */
export function isTypeName(value: string): boolean {
  return value.length <= TYPE_NAME_MAX_LENGTH && TYPE_NAME.test(value);
}

/** What `isEntityId` asks for, in words for error messages. */
export const ENTITY_ID_RULE = '1 to 128 characters of A-Z a-z 0-9 _ -, not __…__';
/** What `isTypeName` asks for, in words for error messages. */
export const TYPE_NAME_RULE =
  'lower-case words of a-z 0-9 _ joined by dots, at most 100 characters';

/** The tenant that is the platform itself: operations’ steps are its jobs, and its admins are told of alerts. */
export const PLATFORM = '_platform';
