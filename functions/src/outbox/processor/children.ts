import type { DocumentWrite, ServerTime } from '#kernel';
import { CodedError } from '#kernel';
import type { Pause } from '../model/controls.ts';
import { pauseOf } from '../model/controls.ts';
import type { Effects, JobHandler, NewJob } from '../model/handler.ts';
import { DEFAULT_RETRY_POLICY } from '../model/retry-policy.ts';
import type { Run } from '../model/transitions.ts';
import { checkNewJob } from '../record/check-new-job.ts';
import { OUTBOX, recordPendingJob, startNewJob } from '../record/record-job.ts';
import type { SettlingEffects } from '../store.ts';
import { openForMs } from './decide.ts';
import type { Worker } from './worker.ts';
import { hasTimeFor } from './worker.ts';

/** A fresh run of this worker, with a lease from now on. */
export function newRun(worker: Worker, time: ServerTime): Run {
  const startedAtMs = time.nowMs();
  return {
    runId: worker.ids.documentId(),
    by: worker.by,
    startedAtMs,
    leaseEndsAtMs: startedAtMs + worker.settings.leaseMs,
  };
}

/**
 * Sorts children into those this worker runs itself, as many as it has room and time for, and the rest.
 * Whoever calls it gives back the capacity of the `started`.
 */
export function planEffects(
  worker: Worker,
  effects: Effects,
  { time, pauses }: { readonly time: ServerTime; readonly pauses: readonly Pause[] },
): SettlingEffects {
  refuseInvalid(effects);
  const { slots } = worker.settings;
  // Asked once for each child: a moment later the answer may be another.
  const runnable = effects.jobs.flatMap((job) => {
    const handler = pauseOf(job, pauses) === undefined ? runnableNow(worker, job) : undefined;
    return handler === undefined ? [] : [{ job, handler }];
  });
  const chosen = runnable.slice(0, worker.capacity.takeUpTo(runnable.length));
  const started = chosen.map(({ job, handler }) =>
    startNewJob(job, handler, slots, newRun(worker, time)),
  );
  const isChosen = new Set(chosen.map(({ job }) => job));
  const pending = effects.jobs
    .filter((job) => !isChosen.has(job))
    .map((job) => recordChild(worker, job));
  return { writes: effects.writes, pending, started };
}

/** Before capacity is taken, or what cannot be would keep it. */
function refuseInvalid({ writes, jobs }: Effects): void {
  for (const job of jobs) checkNewJob(job);
  const own = writes.find(({ path }) => path.startsWith(`${OUTBOX}/`));
  if (own === undefined) return;
  throw new CodedError('invalid-input', 'A handler writes no jobs itself: answer them as `jobs`.', [
    { path: own.path, message: 'is a row of the outbox' },
  ]);
}

/** A child that somebody will find. */
export function recordChild(worker: Worker, job: NewJob): DocumentWrite {
  const { slots } = worker.settings;
  const policy = worker.handlers(job.jobType)?.policy ?? DEFAULT_RETRY_POLICY;
  return recordPendingJob(job, { slots, maxAttempts: policy.maxAttempts });
}

/** A sink that cannot take a duplicate is left to a claim of its own, whose end is never in doubt. */
function runnableNow(worker: Worker, job: NewJob): JobHandler | undefined {
  // What has a time of its own, a place in a line, or must not hold up the rest, is found when its turn comes.
  if (job.notBefore !== undefined || job.priority === 'bulk' || job.place !== undefined) {
    return undefined;
  }
  const handler = worker.handlers(job.jobType);
  if (handler === undefined || !hasTimeFor(worker, handler)) return undefined;
  if (openForMs(worker, handler, job) > 0) return undefined;
  const mayRepeat = handler.kind === 'transactional' || handler.onUnknownOutcome === 'retry';
  return mayRepeat ? handler : undefined;
}
