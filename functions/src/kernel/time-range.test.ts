import { expect, test } from '@jest/globals';
import { rangeOf } from './time-range.ts';

const FIRST_TIME_MS = -62_135_596_800_000;
const LAST_TIME_MS = 253_402_300_799_999;
/** The earliest and the latest that a `Date` can be. */
const [EARLIEST, LATEST] = [new Date(-8.64e15), new Date(8.64e15)];

test('a range of time begins and ends among the times that Firestore knows', () => {
  expect(rangeOf(EARLIEST, LATEST)).toEqual({
    fromMs: FIRST_TIME_MS,
    throughMs: LAST_TIME_MS - 1,
  });
  expect(rangeOf(LATEST, undefined)).toEqual({ fromMs: LAST_TIME_MS, throughMs: undefined });
  expect(rangeOf(undefined, undefined).fromMs).toBe(FIRST_TIME_MS);
});

test('a range of time is as it was said within them, its end not in it', () => {
  const range = rangeOf(new Date(5), new Date(7));
  expect(range).toEqual({ fromMs: 5, throughMs: 6 });
});
