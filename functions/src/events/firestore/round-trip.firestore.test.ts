import { isDeepStrictEqual } from 'node:util';
import { beforeEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { aNote } from '../testing/an-event.ts';
import { testCatalog } from '../testing/catalog.ts';
import { pathsOf } from '../testing/failure.ts';
import { countDocuments, emit, emitBatch, firestore } from '../testing/firestore-log.ts';
import { storable } from '../testing/storable.ts';
import { createEventLoader } from './event-log.ts';

// That any value comes back as it was is in times.firestore.test.ts, beside what the trigger is given.

beforeEach(() => clearFirestore(firestore));

/** Firestore's 20 levels, without the document, the payload and the field that a value stands in. */
const LEVELS = 17;

type Wrap = (inner: unknown) => unknown;
const inMap: Wrap = (inner) => ({ a: inner });
const inListOfMaps: Wrap = (inner) => [inner];

/** A leaf in as many maps and lists, no list directly in a list. */
function nest(levels: number, isList: readonly boolean[], leaf: unknown): unknown {
  let value = leaf;
  for (let level = 0; level < levels; level += 1) {
    const wrap = isList[level] === true && !Array.isArray(value) ? inListOfMaps : inMap;
    value = wrap(value);
  }
  return value;
}

const shapes = fc.array(fc.boolean(), { minLength: LEVELS, maxLength: LEVELS });
const leaves = fc.constantFrom<unknown>(-0, 0, 'x', null, true, new Date(-1), 2 ** 53, 5e-324);

describe('a payload as deep as Firestore’s 20 levels', () => {
  test('comes back as it was', async () => {
    const levels = fc.integer({ min: 0, max: LEVELS });
    await fc.assert(
      fc.asyncProperty(levels, shapes, leaves, async (depth, isList, leaf) => {
        const any = nest(depth, isList, leaf);
        const { eventId } = await emit(aNote({ payload: { any } }));
        const event = await createEventLoader(firestore, testCatalog)(eventId);
        expect(isDeepStrictEqual(event?.payload, { any })).toBe(true);
      }),
      { numRuns: 60, examples: [[LEVELS, Array.from({ length: LEVELS }, () => false), -0]] },
    );
  });

  test('is refused where it is one level deeper', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, leaves, async (isList, leaf) => {
        const any = nest(LEVELS + 1, isList, leaf);
        expect(await pathsOf(() => emit(aNote({ payload: { any } })))).toHaveLength(1);
      }),
      { numRuns: 20 },
    );
    expect(await countDocuments()).toBe(0);
  });
});

/** The same value, with the keys of every map in the opposite order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const entries = Object.entries(value).toReversed();
  return Object.fromEntries(entries.map(([name, item]) => [name, reordered(item)]));
}

test('the order of keys is no part of an event: with a key it is the same one again', async () => {
  let number = 0;
  await fc.assert(
    fc.asyncProperty(storable, async (any) => {
      number += 1;
      const said = (value: unknown) =>
        aNote({ idempotencyKey: `k${number}`, payload: { any: value } });
      await emit(said(any));
      expect(await emit(said(reordered(any)))).toMatchObject({ duplicate: true });
      expect(await emitBatch([said(reordered(any))])).toMatchObject([{ duplicate: true }]);
    }),
    { numRuns: 40 },
  );
});

test('what cannot come back as it was is refused wherever it stands, by its path', async () => {
  const bad = fc.constantFrom<unknown>(Number.NaN, Infinity, undefined, '\uD800', 1n, new Map());
  const places = fc.tuple(fc.integer({ min: 0, max: LEVELS - 1 }), shapes);
  await fc.assert(
    fc.asyncProperty(bad, places, storable, async (wrong, [depth, isList], beside) => {
      const any = { beside, ...(nest(depth, isList, { wrong }) as object) };
      const act = () => emit(aNote({ payload: { any } }));
      expect(await pathsOf(act)).toEqual([expect.stringMatching(/^payload\.any\.(.+\.)?wrong$/)]);
    }),
    { numRuns: 100 },
  );
  expect(await countDocuments()).toBe(0);
});
