import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { decideSettlement } from '../../functions/src/outbox/model/settlement.ts';
import { DEFAULT_RETRY_POLICY, QUICK_RETRY_POLICY } from '../../functions/src/outbox/index.ts';
import { aRunningJob, aSink } from '../../functions/src/outbox/testing/factories.ts';
import type { Policy } from './outage.ts';
import { planOutage, POLICIES } from './outage.ts';

/** The times of a job's runs, by the engine's own decision, while its sink is away for as long as it takes. */
function runsByTheEngine(policy: Policy, chance: number, lateMs: number): number[] {
  const handler = aSink({ policy });
  const random = { next: () => chance };
  const runs: number[] = [];
  let dueMs = 0;
  for (let attempts = 1; ; attempts += 1) {
    const nowMs = dueMs + lateMs;
    runs.push(nowMs);
    const job = aRunningJob({ attempts, maxAttempts: policy.maxAttempts });
    const failure = { kind: 'failure', code: 'error', message: 'away' } as const;
    const end = decideSettlement(job, failure, handler, { nowMs, random });
    if (end.kind !== 'retry') return runs;
    dueMs = end.atMs;
  }
}

const policies = fc.record({
  initialMs: fc.integer({ min: 1, max: 600_000 }),
  multiplier: fc.double({ min: 1, max: 4, noNaN: true }),
  maxMs: fc.integer({ min: 600_000, max: 20_000_000 }),
  maxAttempts: fc.integer({ min: 1, max: 12 }),
  jitter: fc.double({ min: 0, max: 1, noNaN: true }),
  maxAgeMs: fc.constant(86_400_000),
});

describe('an outage', () => {
  test.each([
    ['default', 15 * 60_000],
    ['quick', 31_000],
    ['webhook', 435 * 60_000],
  ])('under the policy %s is survived for %i ms', (name, safeMs) => {
    expect(planOutage(POLICIES[name]!, { lateMs: 0 }).safeMs).toBe(safeMs);
  });

  test('is planned as the engine decides, with the least and the most of chance', () => {
    fc.assert(
      fc.property(
        fc.oneof(policies, fc.constantFrom(...Object.values(POLICIES))),
        fc.nat(600_000),
        (policy, lateMs) => {
          const { runs, safeMs, certainMs } = planOutage(policy, { lateMs });
          const earliest = runsByTheEngine(policy, 0, 0);
          expect(runs).toHaveLength(earliest.length);
          // The engine rounds each delay up to whole milliseconds.
          for (const [index, at] of earliest.entries()) {
            expect(at - runs[index]!.earliestMs).toBeGreaterThanOrEqual(0);
            expect(at - runs[index]!.earliestMs).toBeLessThan(runs.length);
          }
          expect(runs.map((run) => run.latestMs)).toEqual(runsByTheEngine(policy, 1, lateMs));
          expect(safeMs).toBeLessThanOrEqual(certainMs);
        },
      ),
    );
  });

  test('is survived by whatever chance, if it is no longer than what is safe', () => {
    const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(policies, chances, fc.nat(600_000), (policy, chance, lateMs) => {
        const last = runsByTheEngine(policy, chance, lateMs).at(-1)!;
        const { safeMs, certainMs } = planOutage(policy, { lateMs });
        expect(last).toBeGreaterThanOrEqual(safeMs);
        expect(last).toBeLessThanOrEqual(certainMs);
      }),
    );
  });
});

test('the policies are those that ship', () => {
  expect(POLICIES['default']).toEqual(DEFAULT_RETRY_POLICY);
  expect(POLICIES['quick']).toEqual(QUICK_RETRY_POLICY);
});
