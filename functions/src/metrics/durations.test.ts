import { describe, expect, test } from '@jest/globals';
import { Durations } from './durations.ts';
import { evenly } from './testing/an-end.ts';

const even = evenly(20_000);
const DISTRIBUTIONS: readonly (readonly [string, readonly number[]])[] = [
  ['even', even.map((share) => share * 5_000)],
  ['exponential', even.map((share) => -300 * Math.log(1 - share))],
  // Two normal deviates, by Box and Muller.
  [
    'log-normal',
    even.map((share, i) =>
      Math.exp(
        5 +
          1.2 *
            Math.sqrt(-2 * Math.log(1 - share)) *
            Math.cos(2 * Math.PI * even[(i + 1) % even.length]!),
      ),
    ),
  ],
  [
    'of the fast path and of retries',
    even.map((share) => (share < 0.9 ? 50 + share * 100 : 60_000 * 2 ** (share * 4))),
  ],
  ['of whole milliseconds, zeros too', even.map((share) => Math.floor(share * share * 40))],
  ['all of one length', even.map(() => 77)],
  ['of a few only', even.slice(0, 7).map((share) => share * 1_000)],
];

/** The one at that share of them all, in order. */
function exact(values: readonly number[], share: number): number {
  const ordered = values.toSorted((a, b) => a - b);
  return ordered[Math.floor(share * (ordered.length - 1))]!;
}

/** Spread over as many as there would be of instances and minutes, stored and read again. */
function mergedOfMany(values: readonly number[], parts: number): Durations {
  const merged = new Durations();
  for (let part = 0; part < parts; part += 1) {
    const one = new Durations();
    values.forEach((ms, index) => index % parts === part && one.add(ms));
    const read = JSON.parse(JSON.stringify(one.toStored())) as ReturnType<Durations['toStored']>;
    merged.mergeStored(read);
  }
  return merged;
}

describe.each(DISTRIBUTIONS)('durations that are %s', (_, values) => {
  test.each([1, 7, 120])('have percentiles within 2 %% of the exact, out of %i parts', (parts) => {
    const summary = mergedOfMany(values, parts).summary()!;
    expect(summary.count).toBe(values.length);
    for (const [share, told] of [
      [0.5, summary.p50Ms],
      [0.95, summary.p95Ms],
      [0.99, summary.p99Ms],
    ] as const) {
      const right = exact(values, share);
      // A tenth of a millisecond is what is told.
      expect(Math.abs(told - right)).toBeLessThanOrEqual(right * 0.02 + 0.05);
    }
    expect(summary.maxMs).toBeCloseTo(exact(values, 1), 0);
    const sum = values.reduce((all, ms) => all + ms, 0);
    expect(summary.meanMs).toBeCloseTo(sum / values.length, 0);
  });
});

test('of none nothing is said', () => {
  expect(new Durations().summary()).toBeUndefined();
  const none = new Durations();
  none.mergeStored(new Durations().toStored());
  expect(none.summary()).toBeUndefined();
});
