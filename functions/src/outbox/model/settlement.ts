import type { Random } from '#kernel';
import type { JobHandler } from './handler.ts';
import type { FailureReason, OutboxJob } from './job.ts';
import type { AttemptOutcome } from './outcome.ts';
import { jitteredBackoffMs } from './retry-policy.ts';
import { lookAgain } from './unroutable.ts';

/** What an attempt's end means for its job. */
export type Settlement =
  | { readonly kind: 'sent' }
  | {
      readonly kind: 'retry';
      readonly atMs: number;
      readonly spendsAttempt: boolean;
      /** Since when nobody here knows what the job is about. */
      readonly unroutableSince?: number;
    }
  | { readonly kind: 'failed'; readonly reason: FailureReason };

/** Decides from the running job (its `attempts` count this attempt), how it ended and the policy. */
export function decideSettlement(
  job: OutboxJob,
  outcome: AttemptOutcome,
  handler: JobHandler,
  at: { readonly nowMs: number; readonly random: Random },
): Settlement {
  switch (outcome.kind) {
    case 'success':
      return { kind: 'sent' };
    case 'permanent':
      return { kind: 'failed', reason: 'permanent' };
    case 'unknown':
      return handler.kind === 'external' && handler.onUnknownOutcome === 'park'
        ? { kind: 'failed', reason: 'unknown-outcome' }
        : retryOrGiveUp(job, handler, at);
    case 'failure':
    case 'refused':
      return retryOrGiveUp(job, handler, at);
    case 'unroutable':
      return lookAgainOrGiveUp(job, at.nowMs);
    case 'retry-after':
      return within(job, handler, {
        kind: 'retry',
        atMs: at.nowMs + outcome.delayMs,
        spendsAttempt: false,
      });
  }
}

function lookAgainOrGiveUp(job: OutboxJob, nowMs: number): Settlement {
  const again = lookAgain(job, nowMs);
  if (again === undefined) return { kind: 'failed', reason: 'unroutable' };
  const { untilMs: atMs, unroutableSince } = again;
  return { kind: 'retry', atMs, spendsAttempt: false, unroutableSince };
}

function retryOrGiveUp(
  job: OutboxJob,
  { policy }: JobHandler,
  { nowMs, random }: { nowMs: number; random: Random },
): Settlement {
  if (job.attempts >= job.maxAttempts) return { kind: 'failed', reason: 'attempts-spent' };
  const atMs = nowMs + jitteredBackoffMs(job.attempts, policy, random);
  return { kind: 'retry', atMs, spendsAttempt: true };
}

/** A sink that keeps saying "later" must not keep a job open for ever. */
function within(
  job: OutboxJob,
  { policy }: JobHandler,
  settlement: Extract<Settlement, { kind: 'retry' }>,
): Settlement {
  const inTime = settlement.atMs <= job.openedAt + policy.maxAgeMs;
  return inTime ? settlement : { kind: 'failed', reason: 'expired' };
}
