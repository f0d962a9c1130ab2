import { DAY_MS } from '#kernel';

/**
 * The states of a job.
 *
 * - `pending`: to be run at `nextAttemptAt`. Set by emit, fan-out, a failed attempt, a redrive; left by
 *   a claim, the fast path's settle, a cancel. A crash here loses nothing: the tick finds the row.
 * - `processing`: somebody runs it until `lease.expiresAt`. Set by a claim; left by a settle, or by the
 *   next claim once the lease has ended. A crash here costs the rest of the lease.
 * - `sent`: done. Left only by deletion (`expireAt`).
 * - `failed`: a dead letter, see `failure.reason`. Left by a redrive or a cancel.
 * - `cancelled`: an operator took it out. Left by a redrive.
 */
export const JOB_STATUSES = ['pending', 'processing', 'sent', 'failed', 'cancelled'] as const;
/** The state of a job: one of `JOB_STATUSES`. */
export type JobStatus = (typeof JOB_STATUSES)[number];

/**
 * Why a job is a dead letter.
 *
 * - `attempts-spent`: its last attempt failed, or its timeout was over.
 * - `permanent`: its handler said that trying again cannot help.
 * - `unknown-outcome`: nobody knows whether its sink took it, and that sink cannot take a duplicate.
 * - `expired`: its handler asked to wait beyond the policy's `maxAgeMs`.
 * - `poison`: three starts in a row never ended; it may be what kills its worker.
 * - `unroutable`: for 24 hours nobody had a subscription of its type, or knew what it is about.
 * - `malformed`: the row is no job, or of no type there can be.
 */
export const FAILURE_REASONS = [
  'attempts-spent',
  'permanent',
  'unknown-outcome',
  'expired',
  'poison',
  'unroutable',
  'malformed',
] as const;
/** One of `FAILURE_REASONS`. */
export type FailureReason = (typeof FAILURE_REASONS)[number];

/** Who started a run: the trigger (fast path), the scheduled tick, or a task-queue worker. */
export const RUNNERS = ['trigger', 'tick', 'task'] as const;
export type Runner = (typeof RUNNERS)[number];

/**
 * How a run ended; `running` until it has, `released` when it was given back before its handler began,
 * `crashed` once somebody else found its lease expired.
 */
export const RUN_OUTCOMES = ['running', 'sent', 'retry', 'failed', 'released', 'crashed'] as const;
export type RunOutcome = (typeof RUN_OUTCOMES)[number];

/** One run as the row remembers it. Times are milliseconds since the epoch, by the server. */
export interface HistoryEntry {
  /** Fresh for every run. */
  readonly runId: string;
  /** The fast path, a tick, or a worker that was called. */
  readonly by: Runner;
  /** Which attempt of its round it was, from 1. */
  readonly attempt: number;
  /** When it was claimed. */
  readonly startedAt: number;
  /** When its end was written; none of a run that never ended. */
  readonly endedAt?: number | undefined;
  /** How it ended; `running` until then. */
  readonly outcome: RunOutcome;
  /** Of the error that ended it, where one did. */
  readonly code?: string | undefined;
}

/** How many runs a row remembers; older ones fall off. */
export const HISTORY_LIMIT = 10;
/** How long a sent row stays at least: younger events have all of their jobs. */
export const KEEP_SENT_MS = 7 * DAY_MS;
/** Where an error's text is cut. */
export const ERROR_MESSAGE_LIMIT = 1_000;

/** What went wrong last. Never holds a secret or a recipient's address. */
export interface JobError {
  /** The handler’s own, or the engine’s: `docs/reference/errors.md`. At most 100 characters. */
  readonly code: string;
  /** At most `ERROR_MESSAGE_LIMIT` characters. */
  readonly message: string;
  /** When, in milliseconds since the epoch, by the server. */
  readonly at: number;
}

/** Carried through every job and child: what it belongs to. */
export interface JobMetadata {
  /** Ties together all that one request caused. */
  readonly correlationId: string;
  /** W3C trace context of the request, where it had one. */
  readonly traceparent?: string | undefined;
}

/** What of a row never changes after it was created. */
export interface JobIdentity {
  /** Also the idempotency key: see `jobId`. */
  readonly id: string;
  /** The tenant. */
  readonly orgId: string;
  /** The subscription whose work it is. */
  readonly jobType: string;
  /** The event it is about. */
  readonly eventId?: string | undefined;
  /** That event’s type. */
  readonly eventType?: string | undefined;
  /** Whom it is for, after a fan-out. */
  readonly recipientUid?: string | undefined;
  /** As its parent wrote it. */
  readonly payload?: Readonly<Record<string, unknown>> | undefined;
  /** What it belongs to. */
  readonly metadata: JobMetadata;
  /** When its commit was, by the server. */
  readonly createdAt: number;
}

/** What moves. All times are milliseconds since the epoch, by the server. */
export interface JobState {
  /** Where it is in its life. */
  readonly status: JobStatus;
  /** Which part of the index of due jobs it is found in; bulk slots are numbered from 1000. */
  readonly slot: number;
  /** Attempts that ended, plus the one running. */
  readonly attempts: number;
  /** Starts in a row that never ended. */
  readonly crashes: number;
  /** Every start ever; never goes down. */
  readonly runs: number;
  /** How often it was sent round again. */
  readonly redrives: number;
  /** The failure of this many attempts makes it a dead letter. */
  readonly maxAttempts: number;
  /** When this round began: emit (or its `notBefore`), redrive, resume. `maxAgeMs` counts from here. */
  readonly openedAt: number;
  /** Exists exactly while the row is open and not paused; while `processing` it is the lease's end. */
  readonly nextAttemptAt?: number | undefined;
  /** The run whose claim or settle wrote the row last; none where it was last written without a run. */
  readonly runId?: string | undefined;
  /** Exists exactly while `processing`: until then nobody else runs it. */
  readonly lease?: { readonly expiresAt: number } | undefined;
  /** The line this job stands in, one job at a time in the order of `sequence`, while it has a place. */
  readonly orderingKey?: string | undefined;
  /** Its place in that line: lower ones run first. */
  readonly sequence?: number | undefined;
  /** The job in front of it, for which it was last seen waiting; its own id: a suspect that goes first next. */
  readonly heldBy?: string | undefined;
  /** A dead letter that keeps its place, and everybody behind it waiting. */
  readonly blocking?: boolean | undefined;
  /** The pause that holds it; it has no due time then. */
  readonly pausedBy?: string | undefined;
  /** When it was first seen that nobody here can run it: its type, or what it is about, is unknown. */
  readonly unroutableSince?: number | undefined;
  /** Kept over a later success, for whoever looks. */
  readonly lastError?: JobError | undefined;
  /** Why it is a dead letter; only while it is `failed`, or was cancelled as one. */
  readonly failure?: { readonly reason: FailureReason; readonly at: number } | undefined;
  /** Its last runs, oldest first; at most `HISTORY_LIMIT`. */
  readonly history: readonly HistoryEntry[];
  /** When its last attempt succeeded. */
  readonly sentAt?: number | undefined;
  /** When the database deletes it: `keepSentMs` after it was sent. No other row has it. */
  readonly expireAt?: number | undefined;
}

/** One row of `outbox`. */
export type OutboxJob = JobIdentity & JobState;
