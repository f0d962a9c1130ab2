import { DAY_MS } from '#kernel';
import type { FailureReason, HistoryEntry, JobError, OutboxJob, Runner } from './job.ts';
import { HISTORY_LIMIT } from './job.ts';
import type { AttemptOutcome } from './outcome.ts';
import type { Settlement } from './settlement.ts';

/** How long a sent row stays to be looked at. */
const KEEP_SENT_MS = 7 * DAY_MS;

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
    unroutableSince: undefined,
    history: [...before, entry].slice(-HISTORY_LIMIT),
  };
}

function asCrashed(entry: HistoryEntry): HistoryEntry {
  return entry.outcome === 'running' ? { ...entry, outcome: 'crashed' } : entry;
}

/** processing → sent | pending | failed, as settled. */
export function endRun(
  job: OutboxJob,
  settlement: Settlement,
  outcome: AttemptOutcome,
  nowMs: number,
): OutboxJob {
  const lastError = errorOf(outcome, nowMs) ?? job.lastError;
  const ended = {
    ...job,
    crashes: 0,
    lease: undefined,
    nextAttemptAt: undefined,
    lastError,
    history: job.history.map((entry) =>
      entry.runId === job.runId
        ? {
            ...entry,
            endedAt: nowMs,
            outcome: settlement.kind,
            code: outcome.kind === 'success' ? undefined : codeOf(outcome),
          }
        : entry,
    ),
  };
  switch (settlement.kind) {
    case 'sent':
      return { ...ended, status: 'sent', sentAt: nowMs, expireAt: nowMs + KEEP_SENT_MS };
    case 'failed':
      return { ...ended, status: 'failed', failure: { reason: settlement.reason, at: nowMs } };
    case 'retry': {
      const attempts = settlement.spendsAttempt ? job.attempts : job.attempts - 1;
      return { ...ended, status: 'pending', attempts, nextAttemptAt: settlement.atMs };
    }
  }
}

/** pending | processing (lease ran out) → failed, without a run: the pickup refused to make one. */
export function failWithoutRun(
  job: OutboxJob,
  reason: FailureReason,
  message: string,
  nowMs: number,
): OutboxJob {
  const takenOver = job.status === 'processing';
  return {
    ...job,
    status: 'failed',
    runId: undefined,
    crashes: takenOver ? job.crashes + 1 : job.crashes,
    lease: undefined,
    nextAttemptAt: undefined,
    lastError: { code: reason, message, at: nowMs },
    failure: { reason, at: nowMs },
    history: takenOver ? job.history.map(asCrashed) : job.history,
  };
}

/** pending → pending, later: nobody here can run it now, and it must not stand in front of what can. */
export function pushBack(job: OutboxJob, untilMs: number, unroutableSince: number): OutboxJob {
  return { ...job, runId: undefined, nextAttemptAt: untilMs, unroutableSince };
}

function codeOf(outcome: Exclude<AttemptOutcome, { kind: 'success' }>): string {
  return outcome.kind === 'retry-after' ? 'retry-after' : outcome.code;
}

function errorOf(outcome: AttemptOutcome, nowMs: number): JobError | undefined {
  if (outcome.kind === 'success') return undefined;
  return { code: codeOf(outcome), message: outcome.message, at: nowMs };
}
