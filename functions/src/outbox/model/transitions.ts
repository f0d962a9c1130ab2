import type { JobHandler, Place } from './handler.ts';
import type { FailureReason, HistoryEntry, JobError, OutboxJob, Runner } from './job.ts';
import { HISTORY_LIMIT } from './job.ts';
import type { AttemptOutcome } from './outcome.ts';
import type { Settlement } from './settlement.ts';

/** One run of a job: its token, who makes it, when it began and when its lease ends. */
export interface Run {
  readonly runId: string;
  readonly by: Runner;
  readonly startedAtMs: number;
  readonly leaseEndsAtMs: number;
}

/**
 * pending | processing (lease ran out) → processing.
 * A pending row's attempt begins; a dead worker's attempt is begun again, not counted again, and its
 * history says that the start before never ended.
 */
export function startRun(job: OutboxJob, run: Run): OutboxJob {
  const takenOver = job.status === 'processing';
  const attempts = takenOver ? job.attempts : job.attempts + 1;
  const entry: HistoryEntry = {
    runId: run.runId,
    by: run.by,
    attempt: attempts,
    startedAt: run.startedAtMs,
    outcome: 'running',
  };
  const before = takenOver ? job.history.map(asCrashed) : job.history;
  return {
    ...job,
    status: 'processing',
    attempts,
    crashes: takenOver ? job.crashes + 1 : job.crashes,
    runs: job.runs + 1,
    runId: run.runId,
    lease: { expiresAt: run.leaseEndsAtMs },
    nextAttemptAt: run.leaseEndsAtMs,
    heldBy: undefined,
    history: [...before, entry].slice(-HISTORY_LIMIT),
  };
}

function asCrashed(entry: HistoryEntry): HistoryEntry {
  return entry.outcome === 'running' ? { ...entry, outcome: 'crashed' } : entry;
}

/** How a run ended, what that means, and when by the server's time. */
export interface RunEnding {
  readonly settlement: Settlement;
  readonly outcome: AttemptOutcome;
  readonly nowMs: number;
  /** How long the row stays where it ended as sent. */
  readonly keepSentMs: number;
}

/** processing → sent | pending | failed, as settled. */
export function endRun(
  job: OutboxJob,
  handler: Pick<JobHandler, 'ordered'>,
  { settlement, outcome, nowMs, keepSentMs }: RunEnding,
): OutboxJob {
  const lastError = errorOf(outcome, nowMs) ?? job.lastError;
  const ended = {
    ...job,
    crashes: 0,
    lease: undefined,
    nextAttemptAt: undefined,
    unroutableSince: undefined,
    lastError,
    history: job.history.map((entry) =>
      entry.runId === job.runId
        ? {
            ...entry,
            endedAt: nowMs,
            outcome: settlement.kind,
            code: outcome.kind === 'success' ? undefined : outcome.code,
          }
        : entry,
    ),
  };
  switch (settlement.kind) {
    case 'sent':
      return {
        ...withoutPlace(ended),
        status: 'sent',
        sentAt: nowMs,
        expireAt: nowMs + keepSentMs,
      };
    case 'failed': {
      const failure = { reason: settlement.reason, at: nowMs };
      return { ...asDeadLetter(ended, handler), status: 'failed', failure };
    }
    case 'retry': {
      const attempts = settlement.spendsAttempt ? job.attempts : job.attempts - 1;
      const { atMs: nextAttemptAt, unroutableSince } = settlement;
      return { ...ended, status: 'pending', attempts, nextAttemptAt, unroutableSince };
    }
  }
}

/** Why a pickup made no run. */
export interface Refusal {
  readonly reason: FailureReason;
  readonly message: string;
  readonly nowMs: number;
}

/** pending | processing (lease ran out) → failed, without a run: the pickup refused to make one. */
export function failWithoutRun(
  job: OutboxJob,
  handler: Pick<JobHandler, 'ordered'> | undefined,
  { reason, message, nowMs }: Refusal,
): OutboxJob {
  return {
    ...asDeadLetter(job, handler),
    ...afterLostRun(job),
    status: 'failed',
    runId: undefined,
    nextAttemptAt: undefined,
    lastError: { code: reason, message, at: nowMs },
    failure: { reason, at: nowMs },
  };
}

/** What a row that is closed without a run says of one that never ended. */
function afterLostRun(job: OutboxJob): Pick<OutboxJob, 'crashes' | 'history' | 'lease'> {
  const { crashes, history } = job;
  return job.status === 'processing'
    ? { crashes: crashes + 1, history: history.map(asCrashed), lease: undefined }
    : { crashes, history, lease: undefined };
}

/**
 * Still open, later: nobody here can run it now, and it must not stand in front of what can. Of a row
 * whose lease ran out the lease moves along: while `processing`, the due time is the lease's end. It waits
 * for its own time now, and for nobody in front of it.
 */
export function pushBack(job: OutboxJob, untilMs: number, unroutableSince?: number): OutboxJob {
  const lease = job.lease === undefined ? undefined : { expiresAt: untilMs };
  const since = { unroutableSince, heldBy: undefined };
  return { ...job, runId: undefined, lease, nextAttemptAt: untilMs, ...since };
}

/** Still open, and not due until the pause ends: it must not stand in front of what may run. */
export function pause(job: OutboxJob, pausedBy: string): OutboxJob {
  return { ...job, runId: undefined, nextAttemptAt: undefined, pausedBy };
}

/** Held by a pause → due now; its age counts from here. */
export function resume(job: OutboxJob, nowMs: number): OutboxJob {
  const lease = job.lease === undefined ? undefined : { expiresAt: nowMs };
  const opened = { openedAt: nowMs, nextAttemptAt: nowMs, lease };
  return { ...job, ...opened, runId: undefined, pausedBy: undefined };
}

/** Into another slot, due when it was. */
export function moveToSlot(job: OutboxJob, slot: number): OutboxJob {
  return { ...job, runId: undefined, slot };
}

/** As `pushBack`, for a row that waits for the one in front of it; a time of its own stays, if later. */
export function hold(job: OutboxJob, untilMs: number, heldBy: string): OutboxJob {
  const dueMs = Math.max(untilMs, job.openedAt);
  return { ...pushBack(job, dueMs, job.unroutableSince), heldBy };
}

/** processing → pending: claimed, but not begun, for want of time, say. Spends no attempt. */
export function release(
  claimed: OutboxJob,
  { nowMs, dueAtMs }: { readonly nowMs: number; readonly dueAtMs: number },
): OutboxJob {
  return {
    ...claimed,
    status: 'pending',
    attempts: claimed.attempts - 1,
    lease: undefined,
    nextAttemptAt: dueAtMs,
    history: claimed.history.map((entry) =>
      entry.runId === claimed.runId ? { ...entry, endedAt: nowMs, outcome: 'released' } : entry,
    ),
  };
}

/** failed | cancelled → pending, due now: sent round again. Poison stays suspect. */
export function redrive(job: OutboxJob, nowMs: number): OutboxJob {
  return {
    ...job,
    status: 'pending',
    runId: undefined,
    attempts: 0,
    crashes: job.failure?.reason === 'poison' ? 1 : 0,
    redrives: job.redrives + 1,
    openedAt: nowMs,
    nextAttemptAt: nowMs,
    blocking: undefined,
    unroutableSince: undefined,
    failure: undefined,
  };
}

/** Closed, but back in its place, where it keeps those behind it waiting. */
export function standInLine(job: OutboxJob, place: Place): OutboxJob {
  return { ...job, ...place, runId: undefined, blocking: true };
}

/** Closed, and out of its line. */
export function leaveLine(job: OutboxJob): OutboxJob {
  return { ...withoutPlace(job), runId: undefined };
}

/** pending | processing (paused) | failed → cancelled: it is not run, and gives up its place in its line. */
export function cancel(job: OutboxJob): OutboxJob {
  return {
    ...withoutPlace(job),
    ...afterLostRun(job),
    status: 'cancelled',
    runId: undefined,
    nextAttemptAt: undefined,
    pausedBy: undefined,
  };
}

/** Takes a due time off a row that is closed (edited by hand), or it would be found for ever. */
export function withoutDueTime(job: OutboxJob): OutboxJob {
  return { ...job, runId: undefined, nextAttemptAt: undefined };
}

function withoutPlace(job: OutboxJob): OutboxJob {
  return {
    ...job,
    orderingKey: undefined,
    sequence: undefined,
    heldBy: undefined,
    blocking: undefined,
  };
}

/** A dead letter of an ordered subscription keeps its place and blocks, or gives it up. */
function asDeadLetter(job: OutboxJob, handler: Pick<JobHandler, 'ordered'> | undefined): OutboxJob {
  if (job.orderingKey === undefined) return { ...job, heldBy: undefined };
  return handler?.ordered?.onDeadLetter === 'pass-over'
    ? withoutPlace(job)
    : { ...job, heldBy: undefined, blocking: true };
}

function errorOf(outcome: AttemptOutcome, nowMs: number): JobError | undefined {
  if (outcome.kind === 'success') return undefined;
  return { code: outcome.code, message: outcome.message, at: nowMs };
}
