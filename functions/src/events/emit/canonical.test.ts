import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { storable } from '../testing/storable.ts';
import { StoredTime } from '../testing/stored-time.ts';
import { canonicalText, problemsInValue } from './canonical.ts';

function isMap(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
  );
}

/** The same value, with the keys of every map in the opposite order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (!isMap(value)) return value;
  const entries = Object.entries(value).toReversed();
  return Object.fromEntries(entries.map(([name, item]) => [name, reordered(item)]));
}

/** The same value as it comes back: its dates are times of Firestore's own. */
function asStored(value: unknown): unknown {
  if (value instanceof Date) return StoredTime.of(value);
  if (Array.isArray(value)) return value.map(asStored);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, asStored(item)]));
}

describe('the text of a value', () => {
  test('is equal for two values exactly when they are stored alike', () => {
    fc.assert(
      fc.property(storable, storable, (a, b) => {
        expect(canonicalText(a) === canonicalText(b)).toBe(isDeepStrictEqual(a, b));
      }),
      { numRuns: 2_000 },
    );
  });

  test('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(storable, (value) => {
        expect(canonicalText(reordered(value))).toBe(canonicalText(value));
      }),
    );
  });

  test('is the same for a date and for what Firestore gives back for it', () => {
    fc.assert(
      fc.property(storable, (value) => {
        expect(canonicalText(asStored(value))).toBe(canonicalText(value));
      }),
    );
  });

  test('is of values that can be stored, all of which are let through', () => {
    fc.assert(
      fc.property(storable, (value) => {
        expect(problemsInValue(value, 'payload')).toEqual([]);
      }),
    );
  });

  test.each([
    [0, -0],
    [0, '0'],
    [1, true],
    [null, 'null'],
    [null, {}],
    [[], {}],
    [['a', 'b'], ['a,b']],
    [{ a: 1 }, { a: 1, b: null }],
    [{ a: 'b:c' }, { 'a:b': 'c' }],
    [new Date(0), 0],
    [new Date(0), 't0'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new Date(0), new Date(1)],
    [new Date(0), { seconds: 0, nanoseconds: 0 }],
    [new Date(0), { seconds: 0, nanoseconds: 0, toMillis: true }],
    [new StoredTime(0, 1_000), new StoredTime(0, 2_000)],
    ['é', 'e\u0301'],
  ])('tells %p from %p', (a, b) => {
    expect(canonicalText(a)).not.toBe(canonicalText(b));
  });

  test('cuts times to the microseconds Firestore keeps', () => {
    expect(canonicalText(new StoredTime(1, 2_999))).toBe(canonicalText(new StoredTime(1, 2_000)));
    expect(canonicalText(new StoredTime(-1, 999_000_000))).toBe(canonicalText(new Date(-1)));
  });

  test('is this one, for ever', () => {
    const value = { b: [1, -0, 1.5, 1e21, 'ü"\n'], a: { d: new Date(1), c: null }, 'z.y': false };
    expect(canonicalText(value)).toBe(
      String.raw`{"a":{"c":null,"d":t1000},"b":[1,-0,1.5,1e+21,"ü\"\n"],"z.y":false}`,
    );
  });

  test.each([undefined, () => 1, 1n, Symbol('x'), new Map()])('does not exist for %p', (value) => {
    expect(() => canonicalText(value)).toThrow(TypeError);
  });
});
