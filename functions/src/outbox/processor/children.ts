import type { DocumentWrite, ServerTime } from '#kernel';
import { CodedError } from '#kernel';
import type { Pause } from '../model/controls.ts';
import { pauseOf } from '../model/controls.ts';
import type { Effects, JobHandler, NewJob } from '../model/handler.ts';
import { DEFAULT_RETRY_POLICY } from '../model/retry-policy.ts';
import type { OutboxJob } from '../model/job.ts';
import { isBulkSlot } from '../model/slots.ts';
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

/** What is committed with a settle, and what of it the worker does next. */
export interface PlannedEffects extends SettlingEffects {
  /** Whether the first of `started` goes on in the place of its parent. */
  readonly goesOn: boolean;
  /** Places taken for the rest of `started`, to be given back by whoever planned. */
  readonly places: number;
}

/**
 * Sorts children into those this worker runs itself, as many as it has room and time for, and the rest.
 * A child of its parent's own type is its next page or step: it goes on in its place.
 */
export function planEffects(
  worker: Worker,
  effects: Effects,
  at: { readonly parent: OutboxJob; readonly time: ServerTime; readonly pauses: readonly Pause[] },
): PlannedEffects {
  refuseInvalid(effects);
  const { slots } = worker.settings;
  const { parent, time, pauses } = at;
  // Asked once for each child: a moment later the answer may be another.
  const runnable = effects.jobs.flatMap((job) => {
    const mayRun = pauseOf(job, pauses) === undefined && (!isBulk(job) || isNextOf(parent, job));
    const handler = mayRun ? runnableNow(worker, job) : undefined;
    return handler === undefined ? [] : [{ job, handler }];
  });
  const next = runnable.filter(({ job }) => isNextOf(parent, job)).slice(0, 1);
  const others = runnable.filter(({ job }) => !next.some((one) => one.job === job) && !isBulk(job));
  const places = worker.capacity.takeUpTo(others.length);
  const chosen = [...next, ...others.slice(0, places)];
  const started = chosen.map(({ job, handler }) =>
    startNewJob(job, handler, slots, newRun(worker, time)),
  );
  const isChosen = new Set(chosen.map(({ job }) => job));
  const pending = effects.jobs
    .filter((job) => !isChosen.has(job))
    .map((job) => recordChild(worker, job));
  const { writes, moves = [], removals } = effects;
  return { writes, moves, removals, pending, started, goesOn: next.length > 0, places };
}

/** Bulk work goes on as such only: begun among the rest it would hold that up. */
function isNextOf(parent: OutboxJob, job: NewJob): boolean {
  if (job.jobType !== parent.jobType || job.orgId !== parent.orgId) return false;
  return !isBulk(job) || isBulkSlot(parent.slot);
}

function isBulk({ priority }: NewJob): boolean {
  return priority === 'bulk';
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
  // What has a time of its own, or a place in a line, is found when its turn comes.
  if (job.notBefore !== undefined || job.place !== undefined) return undefined;
  const handler = worker.handlers(job.jobType);
  if (handler === undefined || !hasTimeFor(worker, handler)) return undefined;
  if (openForMs(worker, handler, job) > 0) return undefined;
  const mayRepeat = handler.kind === 'transactional' || handler.onUnknownOutcome === 'retry';
  return mayRepeat ? handler : undefined;
}
