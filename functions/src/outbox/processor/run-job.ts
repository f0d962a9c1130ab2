import type { ServerTime } from '#kernel';
import type { Pause } from '../model/controls.ts';
import { pauseOf } from '../model/controls.ts';
import type { Effects, JobHandler, NewJob } from '../model/handler.ts';
import type { OutboxJob } from '../model/job.ts';
import type { AttemptOutcome } from '../model/outcome.ts';
import { outcomeOfError } from '../model/outcome.ts';
import { DEFAULT_RETRY_POLICY } from '../model/retry-policy.ts';
import type { Settlement } from '../model/settlement.ts';
import { decideSettlement } from '../model/settlement.ts';
import type { Run } from '../model/transitions.ts';
import { endRun, release, startRun } from '../model/transitions.ts';
import { recordPendingJob, startNewJob } from '../record/record-job.ts';
import type { JobRow, SettlingEffects } from '../store.ts';
import { attempt } from './attempt.ts';
import type { Worker } from './worker.ts';
import { hasTimeFor, timeoutOf } from './worker.ts';

/** How a started job ended for this worker. `lost`: the row moved on without it; its result is dropped. */
export type RunEnd = Settlement['kind'] | 'released' | 'lost';

/** A fresh run of this worker, with a lease from now on. */
function newRun(worker: Worker, time: ServerTime): Run {
  const startedAtMs = time.nowMs();
  return {
    runId: worker.ids.documentId(),
    by: worker.by,
    startedAtMs,
    leaseEndsAtMs: startedAtMs + worker.settings.leaseMs,
  };
}

/** Claims a row, runs it and settles it. */
export async function claimAndRun(
  worker: Worker,
  row: JobRow,
  handler: JobHandler,
  time: ServerTime,
): Promise<RunEnd[]> {
  const claim = await worker.store.write(row.fence, startRun(row.job, newRun(worker, time)));
  if (claim.kind === 'lost') return ['lost'];
  if (row.job.status === 'processing') worker.logs.takenOver(claim.row.job);
  return runClaimed(worker, claim.row, handler, time);
}

/**
 * Runs a claimed job, or gives it back: the write that claimed it may have taken long, and a handler
 * that outlives its lease would run beside another.
 */
async function runClaimed(
  worker: Worker,
  row: JobRow,
  handler: JobHandler,
  time: ServerTime,
): Promise<RunEnd[]> {
  if (hasLeaseFor(worker, handler, row.job, time)) return runStarted(worker, row, handler, time);
  const released = await worker.store.write(row.fence, release(row.job, time.nowMs()));
  return [released.kind === 'lost' ? 'lost' : 'released'];
}

function hasLeaseFor(
  worker: Worker,
  handler: JobHandler,
  { lease }: OutboxJob,
  time: ServerTime,
): boolean {
  const leftMs = (lease?.expiresAt ?? 0) - time.nowMs();
  const needsMs = timeoutOf(handler, worker.settings) + worker.settings.startMarginMs;
  return leftMs >= needsMs && hasTimeFor(worker, handler);
}

/**
 * Runs a transactional job without a claim: nothing happens before the settling commit, which carries
 * the row's fence, so two workers at once cost one of them its work and nothing else. Saves a write.
 */
export async function runUnclaimed(
  worker: Worker,
  row: JobRow,
  handler: JobHandler,
  time: ServerTime,
): Promise<RunEnd[]> {
  const job = startRun(row.job, newRun(worker, time));
  return runStarted(worker, { ...row, job }, handler, time);
}

/** Runs a job that is ours by its fence, settles it, and runs the children it was given capacity for. */
async function runStarted(
  worker: Worker,
  row: JobRow,
  handler: JobHandler,
  time: ServerTime,
): Promise<RunEnd[]> {
  const result = await attempt(worker, row.job, handler, time);
  if (result.effects === undefined) {
    return [await settleAlone(worker, row, handler, { outcome: result.outcome, time })];
  }
  const pauses = await worker.controls.pauses();
  const planned = planEffects(worker, result.effects, { time, pauses });
  try {
    const settlement = { kind: 'sent' } as const;
    const ending = { settlement, outcome: result.outcome, nowMs: time.nowMs() };
    const next = endRun(row.job, handler, ending);
    const settled = await worker.store.settle(row.fence, next, planned);
    if (settled.kind === 'settled') {
      logSettled(worker, row, settlement, { outcome: result.outcome, time });
      return ['sent', ...(await runChildren(worker, settled.started, time))];
    }
    if (settled.kind === 'lost') {
      worker.logs.leaseLost(row.job);
      return ['lost'];
    }
    const outcome = outcomeOfError(settled.error);
    return [await settleAlone(worker, row, handler, { outcome, time })];
  } finally {
    for (const _ of planned.started) worker.capacity.giveBack();
  }
}

/** The outcome of a run, and the server's time to settle it by. */
interface Ended {
  readonly outcome: AttemptOutcome;
  readonly time: ServerTime;
}

async function settleAlone(
  worker: Worker,
  row: JobRow,
  handler: JobHandler,
  ended: Ended,
): Promise<RunEnd> {
  const nowMs = ended.time.nowMs();
  const at = { nowMs, random: worker.random };
  const settlement = decideSettlement(row.job, ended.outcome, handler, at);
  const next = endRun(row.job, handler, { settlement, outcome: ended.outcome, nowMs });
  const written = await worker.store.write(row.fence, next);
  if (written.kind === 'lost') {
    worker.logs.leaseLost(row.job);
    return 'lost';
  }
  logSettled(worker, row, settlement, ended);
  return settlement.kind;
}

function logSettled(worker: Worker, row: JobRow, settlement: Settlement, ended: Ended): void {
  const startedAt = row.job.history.at(-1)?.startedAt ?? ended.time.nowMs();
  worker.logs.settled(row.job, settlement, ended.outcome, ended.time.nowMs() - startedAt);
}

/** Sorts children into those this worker runs itself, as many as it has room and time for, and the rest. */
function planEffects(
  worker: Worker,
  effects: Effects,
  { time, pauses }: { readonly time: ServerTime; readonly pauses: readonly Pause[] },
): SettlingEffects {
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
    .map((job) => {
      const policy = worker.handlers(job.jobType)?.policy ?? DEFAULT_RETRY_POLICY;
      return recordPendingJob(job, { slots, maxAttempts: policy.maxAttempts });
    });
  return { writes: effects.writes, pending, started };
}

/** A sink that cannot take a duplicate is left to a claim of its own, whose end is never in doubt. */
function runnableNow(worker: Worker, job: NewJob): JobHandler | undefined {
  // What has a time of its own, or must not hold up the rest, is found when its turn comes.
  if (job.notBefore !== undefined || job.priority === 'bulk') return undefined;
  const handler = worker.handlers(job.jobType);
  if (handler === undefined || !hasTimeFor(worker, handler)) return undefined;
  const mayRepeat = handler.kind === 'transactional' || handler.onUnknownOutcome === 'retry';
  return mayRepeat ? handler : undefined;
}

async function runChildren(
  worker: Worker,
  started: readonly JobRow[],
  time: ServerTime,
): Promise<RunEnd[]> {
  const ends = await Promise.all(started.map((row) => runChild(worker, row, time)));
  return ends.flat();
}

/** Nothing is thrown: the parent is settled, and its other children are at work. */
async function runChild(worker: Worker, row: JobRow, time: ServerTime): Promise<RunEnd[]> {
  try {
    const handler = worker.handlers(row.job.jobType);
    return handler === undefined ? [] : await runClaimed(worker, row, handler, time);
  } catch (error) {
    worker.logs.rowFailed(row.job.id, error);
    return [];
  }
}
