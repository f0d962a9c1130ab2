import type { Firestore } from 'firebase-admin/firestore';
import { DocumentReference, FieldValue, GeoPoint, Timestamp } from 'firebase-admin/firestore';
import { z } from 'zod';
import type { DocumentData } from '#kernel';

// Firestore's values as JSON without loss, as its REST API writes them
// (https://firebase.google.com/docs/firestore/reference/rest/v1/Value), with these of our own: a vector is
// `vectorValue`, a reference is a path within the database, and what is no JSON number is a text: `-0`, `NaN`.

/** A document's fields, their names sorted at any depth: equal for two documents exactly when they are. */
export function encodeFields(data: DocumentData): Record<string, unknown> {
  const names = Object.keys(data).toSorted();
  return Object.fromEntries(names.map((name) => [name, encodeValue(data[name])]));
}

function encodeValue(value: unknown): unknown {
  if (typeof value === 'boolean') return { booleanValue: value };
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number') return encodeNumber(value);
  if (typeof value === 'object') return encodeObject(value);
  throw new TypeError(`${typeof value} is not what Firestore stores.`);
}

/** As Firestore's client writes numbers: whole ones as integers, but not those that only a double can be. */
function encodeNumber(value: number): unknown {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return { integerValue: String(value) };
  const isJson = Number.isFinite(value) && !Object.is(value, -0);
  return { doubleValue: isJson ? value : Object.is(value, -0) ? '-0' : String(value) };
}

function encodeObject(value: object | null): unknown {
  if (value === null) return { nullValue: null };
  if (Array.isArray(value)) return { arrayValue: value.map(encodeValue) };
  if (value instanceof Timestamp) return { timestampValue: timeText(value) };
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString('base64') };
  if (value instanceof DocumentReference) return { referenceValue: value.path };
  if (value instanceof GeoPoint) {
    return { geoPointValue: [value.latitude, value.longitude].map(encodeNumber) };
  }
  if (isVector(value)) return { vectorValue: value.toArray().map(encodeNumber) };
  if (Object.getPrototypeOf(value) !== Object.prototype) {
    throw new TypeError(`${value.constructor.name} is not what Firestore stores.`);
  }
  return { mapValue: encodeFields(value as DocumentData) };
}

/** Its class is nobody's export. */
function isVector(value: object): value is { readonly toArray: () => number[] } {
  return Object.getPrototypeOf(value) === Object.getPrototypeOf(FieldValue.vector([]));
}

/** `2030-01-01T00:00:00.123456000Z` */
export function timeText({
  seconds,
  nanoseconds,
}: Pick<Timestamp, 'seconds' | 'nanoseconds'>): string {
  const nanos = String(nanoseconds).padStart(9, '0');
  return `${new Date(seconds * 1_000).toISOString().slice(0, -5)}.${nanos}Z`;
}

const TIME = /^(.+)\.(\d{9})Z$/;
const text = z.string();
const numberText = z.union([z.number(), z.enum(['-0', 'NaN', 'Infinity', '-Infinity'])]);
const numbers = z.array(z.unknown());
const record = z.record(z.string(), z.unknown());

/** The fields that `encodeFields` was given. Throws for what it cannot have written. */
export function decodeFields(
  firestore: Firestore,
  fields: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const decode = (value: unknown): unknown => decodeValue(firestore, value);
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, decode(value)]));
}

function decodeValue(firestore: Firestore, encoded: unknown): unknown {
  const [[type, said] = [], ...more] = Object.entries(record.parse(encoded));
  if (type === undefined || more.length > 0) throw new TypeError('A value is of one type.');
  const decode = DECODERS[type];
  if (decode === undefined) throw new TypeError(`${type} is no type of a value.`);
  return decode(said, firestore);
}

type Decode = (said: unknown, firestore: Firestore) => unknown;

const DECODERS: Readonly<Record<string, Decode>> = {
  nullValue: () => null,
  booleanValue: (said) => z.boolean().parse(said),
  stringValue: (said) => text.parse(said),
  integerValue: decodeNumber,
  doubleValue: decodeNumber,
  timestampValue: decodeTime,
  bytesValue: (said) => Buffer.from(text.parse(said), 'base64'),
  referenceValue: (said, firestore) => firestore.doc(text.parse(said)),
  geoPointValue: (said, firestore) => {
    const [latitude, longitude] = numbersOf(said, firestore);
    return new GeoPoint(latitude ?? Number.NaN, longitude ?? Number.NaN);
  },
  vectorValue: (said, firestore) => FieldValue.vector(numbersOf(said, firestore)),
  arrayValue: (said, firestore) => numbers.parse(said).map((item) => decodeValue(firestore, item)),
  mapValue: (said, firestore) => decodeFields(firestore, record.parse(said)),
};

function numbersOf(said: unknown, firestore: Firestore): number[] {
  return numbers
    .parse(said)
    .map((item) => z.number().or(z.nan()).parse(decodeValue(firestore, item)));
}

function decodeNumber(said: unknown): number {
  return typeof said === 'string' && /^-?\d+$/.test(said) && said !== '-0'
    ? Number(said)
    : Number(numberText.parse(said));
}

function decodeTime(said: unknown): Timestamp {
  const [, upToSeconds = '', nanos] = TIME.exec(text.parse(said)) ?? [];
  const ms = Date.parse(`${upToSeconds}Z`);
  if (Number.isNaN(ms)) throw new TypeError('A time has seconds and nine digits of them.');
  return new Timestamp(ms / 1_000, Number(nanos));
}
