import type { Pause } from './controls.ts';
import { pauseOf } from './controls.ts';
import type { JobHandler } from './handler.ts';
import type { FailureReason, OutboxJob } from './job.ts';
import { isClaimable } from './ordering.ts';
import type { RetryPolicy } from './retry-policy.ts';
import { lookAgain } from './unroutable.ts';

/** A third start in a row that did not end makes a job poison; this many had ended so before. */
const CRASHES_BEFORE_POISON = 2;

/** What to do with a due row. */
export type Pickup =
  | { readonly kind: 'run'; readonly handler: JobHandler }
  | { readonly kind: 'fail'; readonly reason: FailureReason; readonly message: string }
  /** Nobody here can run it now: no subscription has its type, or its sink is left alone for a while. */
  | { readonly kind: 'wait'; readonly untilMs: number; readonly unroutableSince?: number }
  /** Not ours to touch: not yet due, or somebody's live lease. */
  | { readonly kind: 'leave' }
  /** Operators paused what it is. */
  | { readonly kind: 'pause'; readonly pauseId: string }
  /** Closed, and yet with a due time: somebody edited it by hand. */
  | { readonly kind: 'close' };

/** A suspect may be what killed its worker, so it is run alone: it must not take neighbours with it. */
export function isSuspect(job: OutboxJob): boolean {
  return job.crashes > 0 || job.status === 'processing';
}

/** When, by the server's time, under which pauses, and for how long its sink must be left alone. */
export interface PickupContext {
  readonly nowMs: number;
  readonly pauses: readonly Pause[];
  /** 0: it may be called. */
  readonly openForMs: number;
}

/** Decides on a row that a due query or a trigger has just read. */
export function decidePickup(
  job: OutboxJob,
  handler: JobHandler | undefined,
  { nowMs, pauses, openForMs }: PickupContext,
): Pickup {
  if (job.status !== 'pending' && job.status !== 'processing') {
    return { kind: job.nextAttemptAt === undefined ? 'leave' : 'close' };
  }
  if (!isClaimable(job, nowMs)) return { kind: 'leave' };
  const pause = pauseOf(job, pauses);
  if (pause !== undefined) return { kind: 'pause', pauseId: pause.id };
  const refusal = job.status === 'processing' ? refuseAfterCrash(job, handler) : undefined;
  if (refusal !== undefined) return refusal;
  if (handler === undefined) return decideUnroutable(job, nowMs);
  return openForMs > 0
    ? waitForSink(job, handler.policy, { nowMs, openForMs })
    : { kind: 'run', handler };
}

/**
 * How long a job waits for a sink that is left alone: that time, and half of its own age. Of a long outage
 * each row costs ever fewer writes, and a job that fails every probe is not the first to probe each time.
 */
export function sinkWaitMs(
  { openedAt }: OutboxJob,
  { maxMs }: RetryPolicy,
  { nowMs, openForMs }: Pick<PickupContext, 'nowMs' | 'openForMs'>,
): number {
  return Math.ceil(Math.max(openForMs, Math.min(maxMs, (nowMs - openedAt) / 2)));
}

/** Not past the age that its policy allows. */
function waitForSink(
  job: OutboxJob,
  policy: RetryPolicy,
  context: Pick<PickupContext, 'nowMs' | 'openForMs'>,
): Pickup {
  const untilMs = context.nowMs + sinkWaitMs(job, policy, context);
  if (untilMs <= job.openedAt + policy.maxAgeMs) return { kind: 'wait', untilMs };
  const message = 'Its sink failed again and again until the job was too old.';
  return { kind: 'fail', reason: 'expired', message };
}

/** Why a job whose last start never ended is not started again, if it is not. */
function refuseAfterCrash(job: OutboxJob, handler: JobHandler | undefined): Pickup | undefined {
  if (job.crashes >= CRASHES_BEFORE_POISON) {
    const starts = job.crashes + 1;
    const message = `${starts} starts in a row never ended; it may be what kills its worker.`;
    return { kind: 'fail', reason: 'poison', message };
  }
  if (handler?.kind === 'external' && handler.onUnknownOutcome === 'park') {
    const message = 'The worker was lost while sending; this sink cannot take a duplicate.';
    return { kind: 'fail', reason: 'unknown-outcome', message };
  }
  return undefined;
}

function decideUnroutable(job: OutboxJob, nowMs: number): Pickup {
  const again = lookAgain(job, nowMs);
  if (again !== undefined) return { kind: 'wait', ...again };
  const message = `No subscription has the id ${job.jobType}. Deploy it, or cancel the job.`;
  return { kind: 'fail', reason: 'unroutable', message };
}
