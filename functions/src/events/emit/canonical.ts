import type { Problem } from '#kernel';
import type { TimestampLike } from './stored-value.ts';
import { isPlainObject, isTimestamp } from './stored-value.ts';

/** Firestore's limit of nested maps and lists (https://firebase.google.com/docs/firestore/quotas). */
const MAX_DEPTH = 20;
const RESERVED_NAME = /^__.*__$/s;

const MAX_NAME_BYTES = 1_500;
/** Firestore's first and last second: the years 1 to 9999. */
const FIRST_TIME_MS = -62_135_596_800_000;
const LAST_TIME_MS = 253_402_300_799_999;

function microsOf(value: Date | TimestampLike): bigint {
  if (value instanceof Date) return BigInt(value.getTime()) * 1_000n;
  return BigInt(value.seconds) * 1_000_000n + BigInt(Math.floor(value.nanoseconds / 1_000));
}

/**
 * The one text of a value: equal for two values exactly when Firestore would store them alike.
 * Keys are sorted, times are microseconds, and -0 is not 0 (Firestore keeps it).
 * Asks for a value that `problemsInValue` found nothing wrong with, or for what is stored of it.
 */
export function canonicalText(value: unknown): string {
  if (typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : JSON.stringify(value);
  if (typeof value === 'object') return canonicalObjectText(value);
  throw new TypeError(`${typeof value} has no canonical text.`);
}

function canonicalObjectText(value: object | null): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (value instanceof Date || isTimestamp(value)) return `t${microsOf(value)}`;
  if (!isPlainObject(value)) throw new TypeError('A class instance has no canonical text.');
  const fields = Object.keys(value)
    .toSorted()
    .map((name) => `${JSON.stringify(name)}:${canonicalText(value[name])}`);
  return `{${fields.join(',')}}`;
}

/** Everything in a value that cannot be stored and read back as it is, with its path. */
export function problemsInValue(value: unknown, path: string, depth = 1): Problem[] {
  const message = problemWith(value, depth);
  if (message !== undefined) return [{ path, message }];
  if (Array.isArray(value)) {
    // Array.from: flatMap would skip the holes of a sparse list.
    return Array.from<unknown>(value).flatMap((item, index) => {
      const itemPath = join(path, String(index));
      return Array.isArray(item)
        ? [{ path: itemPath, message: 'a list directly in a list cannot be stored' }]
        : problemsInValue(item, itemPath, depth + 1);
    });
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return [];
  return Object.entries(value).flatMap(([name, item]) => {
    const itemPath = join(path, name);
    const wrong = problemWithName(name);
    if (wrong !== undefined) return [{ path: itemPath, message: wrong }];
    return problemsInValue(item, itemPath, depth + 1);
  });
}

/** The fields called `__proto__` in what was said: a schema that takes any name lets them fall unseen. */
export function protoFieldsIn(value: unknown, path: string, depth = 1): Problem[] {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return [];
  return Object.entries(value).flatMap(([name, item]) => {
    const itemPath = join(path, name);
    const wrong = name === '__proto__' ? problemWithName(name) : undefined;
    if (wrong !== undefined) return [{ path: itemPath, message: wrong }];
    return protoFieldsIn(item, itemPath, depth + 1);
  });
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function problemWith(value: unknown, depth: number): string | undefined {
  if (depth > MAX_DEPTH) return `nested deeper than Firestore's ${MAX_DEPTH} levels`;
  if (typeof value === 'boolean') return undefined;
  if (typeof value === 'object') return problemWithObject(value);
  if (typeof value === 'string') {
    return value.isWellFormed() ? undefined : 'text with a lone surrogate cannot be stored';
  }
  if (typeof value === 'number') {
    return Number.isFinite(value) ? undefined : `${value} is not a number that can be compared`;
  }
  return `${typeof value} cannot be stored`;
}

function problemWithObject(value: object | null): string | undefined {
  if (value === null || Array.isArray(value)) return undefined;
  if (value instanceof Date) {
    const time = value.getTime();
    const isStorable = time >= FIRST_TIME_MS && time <= LAST_TIME_MS;
    return isStorable ? undefined : 'a date that is invalid or outside the years 1 to 9999';
  }
  if (isPlainObject(value)) return undefined;
  return isTimestamp(value)
    ? 'a Firestore Timestamp: pass a Date, which is what comes back'
    : 'only plain objects, lists, dates, text, numbers, true, false and null can be stored';
}

function problemWithName(name: string): string | undefined {
  if (name === '') return 'a field needs a name';
  if (!name.isWellFormed()) return 'a field name with a lone surrogate cannot be stored';
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
    return `a field name takes at most ${MAX_NAME_BYTES} bytes`;
  }
  return RESERVED_NAME.test(name) ? 'field names like __this__ are reserved' : undefined;
}
