import { describe, expect, test } from '@jest/globals';
import { SERVER_TIME } from '#kernel';
import { StoredTime } from '../testing/stored-time.ts';
import { problemsInValue } from './canonical.ts';

class Money {
  readonly amountMinor = 5;
}

function pathsIn(value: unknown): string[] {
  return problemsInValue(value, 'payload').map(({ path }) => path);
}

/** Maps in maps; the value stands at level `depth`, the outermost map at level 1. */
function nested(depth: number, value: unknown): unknown {
  return depth === 1 ? value : { a: nested(depth - 1, value) };
}

describe('refused wherever it stands', () => {
  test.each([
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    ['undefined', undefined],
    ['a lone high surrogate', 'a\uD800'],
    ['a lone low surrogate', '\uDC00b'],
    ['a function', () => 1],
    ['a bigint', 1n],
    ['a symbol', SERVER_TIME],
    ['a class instance', new Money()],
    ['a Map', new Map()],
    ['a Set', new Set()],
    ['bytes', Buffer.from('a')],
    ['an error', new Error('no')],
    ['an invalid date', new Date(Number.NaN)],
    ['a date before the year 1', new Date(-62_135_596_800_001)],
    ['a date after the year 9999', new Date(253_402_300_800_000)],
    ['a time as Firestore gives it back', new StoredTime(1, 0)],
    ['what only looks like a time', Object.assign(new Money(), { seconds: 1, nanoseconds: 'x' })],
  ])('%s', (_, value) => {
    expect(pathsIn(value)).toEqual(['payload']);
    expect(pathsIn({ a: [1, { b: value }] })).toEqual(['payload.a.1.b']);
    expect(pathsIn({ a: [1, value] })).toEqual(['payload.a.1']);
  });

  test('the name of a field', () => {
    for (const name of ['', '__a__', '____', '__\n__', '\uD800', 'x'.repeat(1_501)]) {
      expect(pathsIn({ a: { [name]: 1 } })).toEqual([`payload.a.${name}`]);
    }
    expect(pathsIn(JSON.parse('{ "__proto__": 1 }'))).toEqual(['payload.__proto__']);
  });

  test('a list directly in a list', () => {
    expect(pathsIn({ a: [1, [2]] })).toEqual(['payload.a.1']);
    expect(pathsIn([[]])).toEqual(['payload.0']);
    expect(pathsIn([{ a: [] }])).toEqual([]);
  });

  test('the hole of a sparse list', () => {
    const sparse: unknown[] = [];
    sparse[1] = 'a';
    expect(pathsIn({ list: sparse })).toEqual(['payload.list.0']);
  });

  test('whatever is nested deeper than 20 levels, and what contains itself', () => {
    expect(pathsIn(nested(20, 'deep'))).toEqual([]);
    expect(pathsIn(nested(21, 'deep'))).toEqual([`payload${'.a'.repeat(20)}`]);
    const endless: Record<string, unknown> = {};
    endless['a'] = endless;
    expect(pathsIn(endless)).toEqual([`payload${'.a'.repeat(20)}`]);
  });
});

test('a time as Firestore gives it back is refused with what to pass instead', () => {
  const problems = problemsInValue({ at: new StoredTime(1, 0) }, 'payload');
  expect(problems).toEqual([
    { path: 'payload.at', message: 'a Firestore Timestamp: pass a Date, which is what comes back' },
  ]);
});

test('a plain object with a time’s methods is no time', () => {
  expect(pathsIn({ seconds: 1, nanoseconds: 0, toMillis: () => 1 })).toEqual(['payload.toMillis']);
});

test('every problem is named, without a prefix too', () => {
  const problems = problemsInValue({ a: undefined, b: [Number.NaN], c: 1 }, '');
  expect(problems.map(({ path }) => path)).toEqual(['a', 'b.0']);
});

test.each([
  ['names that merely look special', { __a: 1, 'a.b': 1, '`': 1, constructor: 1, ' ': 1 }],
  ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
  ['the first and the last time', [new Date(-62_135_596_800_000), new Date(253_402_300_799_999)]],
  ['a pair of surrogates', '\u{1F600}'],
  ['a name of 1500 bytes', { ['x'.repeat(1_500)]: 1 }],
])('let through: %s', (_, value) => {
  expect(pathsIn(value)).toEqual([]);
});
