import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { DocumentData } from 'firebase-admin/firestore';
import { FieldValue, GeoPoint, Timestamp } from 'firebase-admin/firestore';
import { openEmulatorFirestore } from '../../kernel/testing/emulator-firestore.ts';
import { decodeFields, encodeFields, timeText } from './stored-fields.ts';

const firestore = openEmulatorFirestore();

/** What Firestore gives back for what is written. */
async function storedOf(data: DocumentData): Promise<DocumentData> {
  const ref = firestore.collection('fields').doc();
  await ref.set(data);
  return (await ref.get()).data() ?? {};
}

/** Through the text of a file. */
function throughText(data: DocumentData): DocumentData {
  const text = JSON.stringify(encodeFields(data));
  return decodeFields(firestore, JSON.parse(text) as Record<string, unknown>);
}

/** Every type of https://firebase.google.com/docs/firestore/manage-data/data-types. */
const everyType = {
  text: 'Grüße \u{1F600}\n"\\',
  empty: '',
  yes: true,
  no: false,
  nothing: null,
  whole: 42,
  negative: -7,
  largest: Number.MAX_SAFE_INTEGER,
  smallest: Number.MIN_SAFE_INTEGER,
  fraction: 0.1,
  tiny: 5e-324,
  huge: 1.7976931348623157e308,
  beyond: 2 ** 60,
  minusZero: -0,
  notANumber: Number.NaN,
  infinite: [Infinity, -Infinity],
  time: new Timestamp(1_893_456_000, 123_456_000),
  before1970: new Timestamp(-62_135_596_800, 1_000),
  last: new Timestamp(253_402_300_799, 999_999_000),
  bytes: Buffer.from([0, 1, 254, 255]),
  noBytes: Buffer.alloc(0),
  place: new GeoPoint(-12.5, 0),
  reference: firestore.doc('matters/m1/comments/c1'),
  vector: FieldValue.vector([1, -0, 0.5]),
  list: [1, 'a', null, { b: [true] }, Buffer.from([7])],
  emptyList: [],
  map: { z: 1, a: { 'a.b': [{ ä: 'ö' }], emptyMap: {} } },
  'odd `name`.': 'x',
};

describe('a document’s fields', () => {
  test('of every type come back as Firestore stored them', async () => {
    const stored = await storedOf(everyType);
    const back = throughText(stored);
    expect(back).toEqual(stored);
    expect(Object.is(back['minusZero'], -0)).toBe(true);
    expect(await storedOf(back)).toEqual(stored);
    expect(encodeFields(await storedOf(back))).toEqual(encodeFields(stored));
  });

  test('are written alike whatever order they are in, and otherwise where anything is other', () => {
    const text = (data: DocumentData): string => JSON.stringify(encodeFields(data));
    expect(text({ a: 1, b: { c: 1, d: 2 } })).toBe(text({ b: { d: 2, c: 1 }, a: 1 }));
    const alike: readonly [unknown, unknown][] = [
      [0, -0],
      ['1', 1],
      [null, 'null'],
      [new Timestamp(1, 0), new Timestamp(1, 1_000)],
      [Buffer.from('a'), 'YQ=='],
      [[1], { 0: 1 }],
      [firestore.doc('a/b'), 'a/b'],
    ];
    for (const [one, other] of alike) expect(text({ x: one })).not.toBe(text({ x: other }));
  });

  test('any of them, nested in any way, come back through the database as they were', async () => {
    const { value } = fc.letrec<{ readonly value: unknown; readonly map: DocumentData }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constant(null),
        fc.boolean(),
        fc.double(),
        fc.integer(),
        fc.string({ unit: 'grapheme' }),
        fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
        fc
          .tuple(fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }), fc.nat(999_999))
          .map(([seconds, micros]) => new Timestamp(seconds, micros * 1_000)),
        tie('map'),
        // A list directly in a list is none that Firestore stores.
        fc.array(tie('map'), { maxLength: 3 }),
      ),
      map: fc.dictionary(
        fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' }),
        tie('value'),
        {
          maxKeys: 3,
          noNullPrototype: true,
        },
      ),
    }));
    const named = fc.record({ value, more: value });
    await fc.assert(
      fc.asyncProperty(named, async (data) => {
        fc.pre(!/"__.*__"/s.test(JSON.stringify(data)));
        const stored = await storedOf(data);
        const back = await storedOf(throughText(stored));
        expect(encodeFields(back)).toEqual(encodeFields(stored));
        expect(back).toEqual(stored);
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  test.each<[string, Record<string, unknown>]>([
    ['no type', { x: {} }],
    ['an unknown type', { x: { stringyValue: 'a' } }],
    ['two types', { x: { stringValue: 'a', nullValue: null } }],
    ['a number that is none', { x: { integerValue: '1e3' } }],
    ['a time without its digits', { x: { timestampValue: '2030-01-01T00:00:00Z' } }],
  ])('with a value of %s are refused', (_, fields) => {
    expect(() => decodeFields(firestore, fields)).toThrow(/./);
  });

  test('have times to the nanosecond', () => {
    expect(timeText({ seconds: 1_893_456_000, nanoseconds: 1 })).toBe(
      '2030-01-01T00:00:00.000000001Z',
    );
  });
});
