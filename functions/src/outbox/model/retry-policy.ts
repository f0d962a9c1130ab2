import type { Random } from '#kernel';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '#kernel';

/**
 * When a failed attempt is tried again: after `initialMs × multiplier^(attempt-1)`, at most `maxMs`,
 * lengthened (never shortened) by up to the share `jitter`.
 */
export interface RetryPolicy {
  /** The delay after the first failed attempt, in milliseconds. */
  readonly initialMs: number;
  /** How much longer each delay is than the one before. */
  readonly multiplier: number;
  /** The longest delay, before jitter, in milliseconds. */
  readonly maxMs: number;
  /** Runs in all; the last failure makes the job a dead letter. */
  readonly maxAttempts: number;
  /** A share: 0.2 lengthens a delay by up to 20 %. */
  readonly jitter: number;
  /**
   * How long a job may be put off, counted from `openedAt`, by what spends no attempt: a sink that says
   * when to come again, or that is left alone. Then it is a dead letter, `expired`.
   */
  readonly maxAgeMs: number;
}

/** Five runs over 15 minutes: delays of 60 s, 2, 4, 8 (and, from a sixth run on, 16) minutes. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  initialMs: MINUTE_MS,
  multiplier: 2,
  maxMs: 16 * MINUTE_MS,
  maxAttempts: 5,
  jitter: 0.2,
  maxAgeMs: 3 * DAY_MS,
};

/** Six runs within about half a minute: delays of 1, 2, 4, 8, 16 s, for sinks that recover at once. */
export const QUICK_RETRY_POLICY: RetryPolicy = {
  ...DEFAULT_RETRY_POLICY,
  initialMs: SECOND_MS,
  maxMs: MINUTE_MS,
  maxAttempts: 6,
};

/**
 * The delay after failed attempt number `attempt` (from 1), in milliseconds, without jitter.
 * With the default policy: 60 000, 120 000, 240 000, 480 000, 960 000, and 960 000 from there on.
 */
export function getBackoffMs(attempt: number, policy: RetryPolicy = DEFAULT_RETRY_POLICY): number {
  const exponent = Math.max(0, attempt - 1);
  return Math.min(policy.maxMs, policy.initialMs * policy.multiplier ** exponent);
}

/** `getBackoffMs` lengthened by the policy's jitter, whole milliseconds. */
export function jitteredBackoffMs(attempt: number, policy: RetryPolicy, random: Random): number {
  return Math.ceil(getBackoffMs(attempt, policy) * (1 + policy.jitter * random.next()));
}
