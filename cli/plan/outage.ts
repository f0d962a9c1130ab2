import type { Range } from './decimal.ts';
import { LONGEST_CALL_MS } from './load.ts';

/** When what failed is tried again; as the API's subscriptions say it. Times in milliseconds. */
export interface Policy {
  readonly initialMs: number;
  readonly multiplier: number;
  readonly maxMs: number;
  readonly maxAttempts: number;
  /** A share: 0.2 lengthens a delay by up to 20 %. */
  readonly jitter: number;
  readonly maxAgeMs: number;
}

const MINUTE_MS = 60_000;
/** How long a circuit leaves its sink alone. */
export const OPEN_MS = 30_000;
const DEFAULT: Policy = {
  initialMs: MINUTE_MS,
  multiplier: 2,
  maxMs: 16 * MINUTE_MS,
  maxAttempts: 5,
  jitter: 0.2,
  maxAgeMs: 4_320 * MINUTE_MS,
};

/** By name: the two that ship, and one to plan with, of a sink that may be away for hours. */
export const POLICIES: Readonly<Record<string, Policy>> = {
  default: DEFAULT,
  quick: { ...DEFAULT, initialMs: 1_000, maxMs: MINUTE_MS, maxAttempts: 6 },
  webhook: { ...DEFAULT, maxMs: 180 * MINUTE_MS, maxAttempts: 10 },
};

interface PolicyTerm extends Range {
  readonly name: 'initialMs' | 'multiplier' | 'maxMs' | 'maxAttempts';
  /** What one of it is in the policy: a second is a thousand. */
  readonly each: number;
  readonly what: string;
}

const SECONDS = { least: 0.001, most: 86_400, each: 1_000 };

/** What may be said of a policy, in place of what it is. */
export const POLICY_TERMS: readonly PolicyTerm[] = [
  { name: 'initialMs', flag: 'initial', ...SECONDS, what: 'seconds of the first delay' },
  { name: 'multiplier', flag: 'multiplier', least: 1, most: 100, each: 1, what: 'of each delay' },
  { name: 'maxMs', flag: 'max', ...SECONDS, what: 'seconds of the longest delay' },
  {
    name: 'maxAttempts',
    flag: 'attempts',
    least: 1,
    most: 100,
    each: 1,
    isWhole: true,
    what: 'runs in all',
  },
];

/** A run of a job whose sink is away, and when it is at the earliest and at the latest. */
export interface OutageRun {
  readonly attempt: number;
  readonly earliestMs: number;
  readonly latestMs: number;
}

/** How long a sink may be away. */
export interface OutagePlan {
  readonly policy: Policy;
  readonly runs: readonly OutageRun[];
  /** Up to here no job becomes a dead letter by it, whatever chance and circuits do. */
  readonly safeMs: number;
  /** What may make the first one after that. */
  readonly firstReason: 'attempts-spent' | 'expired';
  /** The age past which an open circuit may make a dead letter of a job, rather than put it off. */
  readonly expiredMs: number;
  /** From here on every job that was due when it began is one, however late its runs were. */
  readonly certainMs: number;
}

/**
 * From the failure of a job that was due as its sink went away. `lateMs`: how much later than due a run may be, for
 * want of a wake-up: a tick. Runs take no time here, and no circuit opens: both only lengthen them. But what a circuit
 * puts off gets too old: also by the one that the last call opened, which may fail after the sink is back.
 */
export function planOutage(policy: Policy, { lateMs }: { readonly lateMs: number }): OutagePlan {
  const runs: OutageRun[] = [{ attempt: 1, earliestMs: 0, latestMs: lateMs }];
  for (let attempt = 2; attempt <= policy.maxAttempts; attempt += 1) {
    const before = runs.at(-1) ?? { earliestMs: 0, latestMs: 0 };
    const delayMs = Math.min(policy.maxMs, policy.initialMs * policy.multiplier ** (attempt - 2));
    runs.push({
      attempt,
      earliestMs: before.earliestMs + delayMs,
      latestMs: before.latestMs + Math.ceil(delayMs * (1 + policy.jitter)) + lateMs,
    });
  }
  const last = runs.at(-1) ?? { earliestMs: 0, latestMs: 0 };
  const expiredMs = ageThatExpires(policy);
  const untilExpiredMs = Math.max(0, expiredMs - LONGEST_CALL_MS - OPEN_MS);
  const firstReason = last.earliestMs <= untilExpiredMs ? 'attempts-spent' : 'expired';
  const safeMs = Math.min(last.earliestMs, untilExpiredMs);
  return { policy, runs, safeMs, firstReason, expiredMs, certainMs: last.latestMs };
}

/** A job waits half its age, `maxMs` at most, but no less than the circuit is open; it may not wait past `maxAgeMs`. */
function ageThatExpires({ maxAgeMs, maxMs }: Policy): number {
  return Math.floor(maxAgeMs - Math.max(OPEN_MS, Math.min(maxMs, maxAgeMs / 3)));
}
