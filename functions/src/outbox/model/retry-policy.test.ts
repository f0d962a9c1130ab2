import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { fixedRandom } from '../../kernel/testing/counting-ids.ts';
import type { RetryPolicy } from './retry-policy.ts';
import {
  DEFAULT_RETRY_POLICY,
  getBackoffMs,
  jitteredBackoffMs,
  QUICK_RETRY_POLICY,
} from './retry-policy.ts';

const policies = fc.record<RetryPolicy>({
  initialMs: fc.integer({ min: 1, max: 3_600_000 }),
  multiplier: fc.double({ min: 1, max: 10, noNaN: true }),
  maxMs: fc.integer({ min: 1, max: 86_400_000 }),
  maxAttempts: fc.integer({ min: 1, max: 50 }),
  jitter: fc.double({ min: 0, max: 0.2, noNaN: true }),
  maxAgeMs: fc.constant(DEFAULT_RETRY_POLICY.maxAgeMs),
});
const attempts = fc.integer({ min: 1, max: 50 });
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('getBackoffMs', () => {
  test('is exactly 60 s, 2, 4, 8 and 16 min, and no longer than that', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 100].map((attempt) => getBackoffMs(attempt));
    expect(delays).toEqual([60_000, 120_000, 240_000, 480_000, 960_000, 960_000, 960_000, 960_000]);
  });

  test('is 1, 2, 4, 8, 16, 32 and then 60 s with the quick policy', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => getBackoffMs(n, QUICK_RETRY_POLICY));
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  });

  test('takes an attempt before the first for the first', () => {
    expect(getBackoffMs(0)).toBe(60_000);
  });

  test('never shrinks from attempt to attempt and never exceeds the maximum', () => {
    fc.assert(
      fc.property(policies, attempts, (policy, attempt) => {
        const delayMs = getBackoffMs(attempt, policy);
        expect(delayMs).toBeLessThanOrEqual(policy.maxMs);
        expect(getBackoffMs(attempt + 1, policy)).toBeGreaterThanOrEqual(delayMs);
      }),
    );
  });
});

describe('the default policy', () => {
  test('makes five runs with 20 % of jitter, within three days', () => {
    const threeDaysMs = 3 * 24 * 60 * 60 * 1_000;
    expect(DEFAULT_RETRY_POLICY).toMatchObject({
      maxAttempts: 5,
      jitter: 0.2,
      maxAgeMs: threeDaysMs,
    });
  });
});

describe('jitter', () => {
  test('only lengthens, by at most its share, to whole milliseconds', () => {
    fc.assert(
      fc.property(policies, attempts, chance, (policy, attempt, random) => {
        const plainMs = getBackoffMs(attempt, policy);
        const delayMs = jitteredBackoffMs(attempt, policy, fixedRandom(random));
        expect(Number.isInteger(delayMs)).toBe(true);
        expect(delayMs).toBeGreaterThanOrEqual(plainMs);
        expect(delayMs).toBeLessThanOrEqual(Math.ceil(plainMs * 1.2));
      }),
    );
  });

  test('spreads the default’s first retry over 60 to 72 s', () => {
    const delayAt = (random: number) =>
      jitteredBackoffMs(1, DEFAULT_RETRY_POLICY, fixedRandom(random));
    expect([delayAt(0), delayAt(0.5), delayAt(0.999_999)]).toEqual([60_000, 66_000, 72_000]);
  });
});
