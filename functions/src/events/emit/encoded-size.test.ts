import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import type { DocumentData } from '#kernel';
import { SERVER_TIME } from '#kernel';
import { encodeDocument } from '../testing/document-encoding.ts';
import { storable } from '../testing/storable.ts';
import { encodedBytes } from './encoded-size.ts';

const firestore = getFirestore(initializeApp({ projectId: 'demo-encoding' }));

/** Never below the real size, and not much above it. */
function expectToBound(data: DocumentData): void {
  const [bytes, real] = [encodedBytes(data), encodeDocument(firestore, data).length];
  expect(bytes).toBeGreaterThanOrEqual(real);
  expect(bytes).toBeLessThanOrEqual(1.5 * real);
}

const many = (count: number, value: unknown) => ({
  list: Array.from({ length: count }, () => value),
});

describe('the encoded size of a document', () => {
  test('bounds the real one, whatever is in it', () => {
    // The client drops a field called so; an event with one is refused.
    const name = fc.string({ minLength: 1 }).filter((text) => text !== '__proto__');
    fc.assert(fc.property(fc.dictionary(name, storable), expectToBound), {
      numRuns: 1_000,
    });
  });

  test.each([
    ['true', true],
    ['false', false],
    ['null', null],
    ['zero', 0],
    ['a small number', 1],
    ['a negative number', -1],
    ['the largest whole number', Number.MAX_SAFE_INTEGER],
    ['minus zero', -0],
    ['a fraction', 1.5],
    ['a number too large to be whole', 2 ** 60],
    ['an empty text', ''],
    ['a text', 'ü€'],
    ['the beginning of time', new Date(0)],
    ['a time today', new Date('2030-01-01T12:34:56.789Z')],
    ['the year 1', new Date('0001-01-01T00:00:00.001Z')],
    ['an empty map', {}],
    ['a map', { done: true }],
    ['a map of an empty list', { a: [] }],
  ])('bounds the real one of a list of %s', (_, value) => {
    expectToBound(many(1_000, value));
  });

  test.each([0, 1, 125, 126, 127, 128, 129, 16_381, 16_384, 2_097_151, 2_097_152])(
    'bounds the real one of a text of %d bytes',
    (length) => {
      expectToBound({ text: 'x'.repeat(length), map: { list: ['x'.repeat(length)] } });
    },
  );

  test('bounds that of 100,000 booleans, which really take four bytes each', () => {
    expectToBound(many(100_000, true));
    expect(encodedBytes(many(100_000, true))).toBeGreaterThan(400_000);
  });

  test('counts the commit’s own time as one that is known', () => {
    const known = encodedBytes({ at: new Date('2030-01-01T12:34:56.789Z') });
    expect(encodedBytes({ at: SERVER_TIME })).toBeGreaterThanOrEqual(known);
  });
});
