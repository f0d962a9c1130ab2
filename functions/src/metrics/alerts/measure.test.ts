import { expect, test } from '@jest/globals';
import { Gathered } from '../gathered.ts';
import { anEnd, AT } from '../testing/an-end.ts';
import type { Measured } from './decide-alert.ts';
import { createMeasure } from './measure.ts';

const THRESHOLDS = { dead_letters: 10, pending: 10_000, oldest_due: 600_000, latency_p95: 2_000 };

/** Of a deployment with more rows of every state than anybody counts, in which so many jobs were slow lately. */
function measureOf(slow: number): Promise<Measured> {
  const gathered = new Gathered();
  for (let n = 0; n < slow; n += 1) gathered.add(anEnd({ ageMs: 5_000 }), 2_000);
  const measure = createMeasure({
    store: { readControls: () => Promise.resolve({ slots: undefined, pauses: [], readAtMs: AT }) },
    jobs: {
      countUpTo: (_, limit) => Promise.resolve(limit),
      oldestDue: () => Promise.resolve(undefined),
    },
    metrics: { read: () => Promise.resolve({ gathered, fromMs: AT, isTruncated: false }) },
    slots: { normal: 8, bulk: 4 },
    thresholds: THRESHOLDS,
  });
  return measure();
}

test('what is counted is counted past its threshold, or no alert of it would ever be raised', async () => {
  expect(await measureOf(0)).toMatchObject({ dead_letters: 11, pending: 10_001 });
});

test.each([
  ['too few to say', 19, undefined],
  ['too few to say', 1, undefined],
  ['none, which is none that was late', 0, 0],
])('how long jobs took is not measured of a few: %s (%i)', async (_, slow, expected) => {
  expect((await measureOf(slow)).latency_p95).toBe(expected);
});

test('how long jobs took is measured of twenty', async () => {
  expect((await measureOf(20)).latency_p95).toBeGreaterThan(4_900);
});
