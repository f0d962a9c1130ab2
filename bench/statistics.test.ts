import { describe, expect, test } from '@jest/globals';
import { percentile, ratioOf, spreadOf } from './statistics.ts';

describe('a spread', () => {
  test('is the median between the extremes, in whatever order they came', () => {
    expect(spreadOf([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9 });
  });

  test('of an even number has its median in between', () => {
    expect(spreadOf([4, 1, 2, 3]).median).toBe(2.5);
  });

  test('leaves what it was given as it was', () => {
    const values = [3, 1, 2];
    spreadOf(values);
    expect(values).toEqual([3, 1, 2]);
  });

  test('of nothing is an error', () => {
    expect(() => spreadOf([])).toThrow('Nothing was measured.');
  });
});

describe('a percentile', () => {
  const hundredAndOne = Array.from({ length: 101 }, (_, n) => n);

  test.each([
    [0, 0],
    [0.5, 50],
    [0.95, 95],
    [1, 100],
  ])('%d of 0…100 is %d', (share, expected) => {
    expect(percentile(hundredAndOne, share)).toBeCloseTo(expected);
  });

  test('of one value is that value', () => {
    expect(percentile([7], 0.95)).toBe(7);
  });
});

describe('a ratio', () => {
  test('is that of the medians; its ends are those of the pairs', () => {
    // A slow moment in the last round hit both sides.
    expect(ratioOf([2, 3, 40], [1, 2, 10])).toEqual({ median: 1.5, min: 1.5, max: 4 });
  });

  test('needs both sides of every round', () => {
    expect(() => ratioOf([1, 2], [1])).toThrow('Every round measures both sides.');
  });
});
