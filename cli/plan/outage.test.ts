import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { systemClock } from '../../functions/src/kernel/index.ts';
import { decidePickup, sinkWaitMs } from '../../functions/src/outbox/model/pickup.ts';
import { decideSettlement } from '../../functions/src/outbox/model/settlement.ts';
import { createBreakers } from '../../functions/src/outbox/processor/breakers.ts';
import { DEFAULT_RETRY_POLICY, QUICK_RETRY_POLICY } from '../../functions/src/outbox/index.ts';
import { aJob, aRunningJob, aSink } from '../../functions/src/outbox/testing/factories.ts';
import { LONGEST_CALL_MS } from './load.ts';
import type { Policy } from './outage.ts';
import { OPEN_MS, planOutage, POLICIES } from './outage.ts';

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

/** Since when its sink is back, and when the last circuit closes: a call fails as late as it can be aborted. */
interface Outage {
  readonly policy: Policy;
  readonly endMs: number;
  readonly closedMs: number;
}

/** What becomes of a job at each of its times, by the engine's own decisions: its sink is called, or left alone. */
function endByTheEngine(
  { policy, endMs, closedMs }: Outage,
  chances: readonly number[],
): 'sent' | 'failed' {
  const handler = aSink({ policy });
  let [nowMs, attempts] = [0, 0];
  for (let step = 0; nowMs < closedMs; step += 1) {
    const chance = chances[step % chances.length] ?? 0;
    const openForMs = Math.min(closedMs - nowMs, 1 + Math.floor(chance * (OPEN_MS - 1)));
    const common = { openedAt: 0, nextAttemptAt: nowMs, maxAttempts: policy.maxAttempts };
    if (chance < 0.5 || nowMs >= endMs) {
      const job = aJob(common);
      const pickup = decidePickup(job, handler, { nowMs, pauses: [], openForMs });
      if (pickup.kind !== 'wait') return 'failed';
      nowMs = pickup.untilMs;
      continue;
    }
    attempts += 1;
    const job = aRunningJob({ ...common, attempts });
    const delayMs = sinkWaitMs(job, policy, { nowMs, openForMs: OPEN_MS });
    const outcome =
      chance < 0.7
        ? ({ kind: 'retry-after', code: 'circuit-open', message: 'away', delayMs } as const)
        : ({ kind: 'failure', code: 'error', message: 'away' } as const);
    const end = decideSettlement(job, outcome, handler, { nowMs, random: { next: () => chance } });
    if (end.kind !== 'retry') return 'failed';
    if (!end.spendsAttempt) attempts -= 1;
    nowMs = end.atMs;
  }
  return 'sent';
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
    expect(planOutage(POLICIES[name]!, { lateMs: 0 })).toMatchObject({
      safeMs,
      firstReason: 'attempts-spent',
    });
  });

  test('is survived no longer than a job may be put off, however many attempts it has', () => {
    const planned = planOutage({ ...POLICIES['webhook']!, maxAttempts: 40 }, { lateMs: 0 });
    // Three days, but for the longest delay; and then for the last call, and the circuit that it opens.
    const expiredMs = (72 - 3) * 3_600_000;
    const safeMs = expiredMs - 75_000;
    expect(planned).toMatchObject({ expiredMs, safeMs, firstReason: 'expired' });
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

  test('that is no longer than what is safe makes no dead letter, whenever circuits open', () => {
    const chances = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
      minLength: 1,
    });
    const patient = policies.map((policy) => ({ ...policy, maxAttempts: 100 }));
    fc.assert(
      fc.property(fc.oneof(policies, patient), chances, (policy, all) => {
        const endMs = planOutage(policy, { lateMs: 0 }).safeMs;
        const outage = { policy, endMs, closedMs: endMs + LONGEST_CALL_MS + OPEN_MS };
        expect(endByTheEngine(outage, all)).toBe('sent');
      }),
    );
  });

  test.each([1, OPEN_MS])(
    'can make a job too old as soon as is planned: its circuit is open for %i ms more',
    (openForMs) => {
      fc.assert(
        fc.property(policies, (policy) => {
          const { expiredMs } = planOutage(policy, { lateMs: 0 });
          const kindAt = (nowMs: number) =>
            decidePickup(aJob({ openedAt: 0, nextAttemptAt: 0 }), aSink({ policy }), {
              nowMs,
              pauses: [],
              openForMs,
            }).kind;
          expect([kindAt(expiredMs), kindAt(expiredMs + 1)]).toEqual(['wait', 'fail']);
        }),
      );
    },
  );
});

test('a circuit is open for as long as is planned', () => {
  const logs = { circuitOpened: () => undefined, circuitClosed: () => undefined };
  expect(createBreakers(systemClock, logs).openMs).toBe(OPEN_MS);
});

test('the policies are those that ship', () => {
  expect(POLICIES['default']).toEqual(DEFAULT_RETRY_POLICY);
  expect(POLICIES['quick']).toEqual(QUICK_RETRY_POLICY);
});
