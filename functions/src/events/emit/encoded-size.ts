import type { DocumentData } from '#kernel';

// Firestore's `Document` as protobuf (google/firestore/v1/document.proto), which is what a commit and
// the trigger's event are made of. Every field is a tag, then a length where it has one, then itself;
// nothing is smaller than what is counted here, as an encoder may only leave zeros out.

const TAG = 1;
/** `string_value` has a number above 15. */
const STRING_TAG = 2;
const NULL_OR_BOOLEAN = TAG + 1;
const DOUBLE = TAG + 8;
/** A number below zero is sent as 64 bits. */
const NEGATIVE = 10;
/** Seconds until the year 3058, and nanoseconds. */
const SERVER_TIME = TAG + 1 + (TAG + 5) + (TAG + 5);

/** At least as many bytes as a document's fields take encoded; its name and its times come on top. */
export function encodedBytes(fields: DocumentData): number {
  // Each field is a message of its own, of a name and a value; so are those of a map.
  return Object.entries(fields).reduce((sum, [name, value]) => {
    const entry = TAG + sized(Buffer.byteLength(name)) + TAG + sized(valueBytes(value));
    return sum + TAG + sized(entry);
  }, 0);
}

function valueBytes(value: unknown): number {
  if (typeof value === 'string') return STRING_TAG + sized(Buffer.byteLength(value));
  if (typeof value === 'number') return numberBytes(value);
  if (typeof value === 'boolean' || value === null) return NULL_OR_BOOLEAN;
  if (value instanceof Date) return timeBytes(value.getTime());
  if (Array.isArray(value)) {
    return TAG + sized(value.reduce<number>((sum, item) => sum + TAG + sized(valueBytes(item)), 0));
  }
  return typeof value === 'object' ? TAG + sized(encodedBytes(value as DocumentData)) : SERVER_TIME;
}

function numberBytes(value: number): number {
  const isWhole = Number.isSafeInteger(value) && !Object.is(value, -0);
  return isWhole ? TAG + varintBytes(value) : DOUBLE;
}

function timeBytes(ms: number): number {
  const seconds = Math.floor(ms / 1_000);
  const nanoseconds = (ms - seconds * 1_000) * 1_000_000;
  return TAG + sized(TAG + varintBytes(seconds) + TAG + varintBytes(nanoseconds));
}

/** Something of this length, and the length before it. */
function sized(bytes: number): number {
  return varintBytes(bytes) + bytes;
}

/** Seven bits to a byte. */
function varintBytes(value: number): number {
  if (value < 0) return NEGATIVE;
  let bytes = 1;
  for (let rest = value; rest >= 128; rest /= 128) bytes += 1;
  return bytes;
}
