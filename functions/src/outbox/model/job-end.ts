import type { FailureReason, OutboxJob, Runner } from './job.ts';
import { isBulkSlot } from './slots.ts';

/**
 * What a run came to, or that a row became a dead letter without one: for whoever counts. The tenant is not
 * in it: there are too many to count by.
 */
export interface JobEnd {
  /** The job. */
  readonly jobId: string;
  /** The subscription whose work it is; of a row that is no job, `malformed`. */
  readonly jobType: string;
  /** The event it is about, where it is about one. */
  readonly eventId?: string | undefined;
  /** That event’s type. */
  readonly eventType?: string | undefined;
  /** Who ran it. */
  readonly by: Runner;
  /** What became of it: `retry` is to be run again. */
  readonly end: 'sent' | 'retry' | 'failed';
  /** Why it is a dead letter, where it is one. */
  readonly reason?: FailureReason | undefined;
  /** Of the error that ended the run, where one did. */
  readonly code?: string | undefined;
  /** The sink it was sent to, of external handlers. */
  readonly sink?: string | undefined;
  /** Whether it is bulk work, which waits on purpose. */
  readonly isBulk: boolean;
  /** How long it ran; none of a row that was not run. */
  readonly ranMs?: number | undefined;
  /** From its opening (its event, as a rule) to the start of its first run; none of later runs. */
  readonly waitedMs?: number | undefined;
  /** From its opening to this end. */
  readonly ageMs: number;
  /** When it ended, in milliseconds since the epoch, by the server. */
  readonly atMs: number;
}

/** How the run of `job`, as it was claimed, ended. */
export function endOfRun(
  job: OutboxJob,
  ended: Pick<JobEnd, 'by' | 'end' | 'reason' | 'code' | 'sink' | 'atMs'>,
): JobEnd {
  const startedAtMs = job.history.at(-1)?.startedAt ?? ended.atMs;
  const isFirst = job.runs === 1;
  return {
    ...endWithoutRun(job, ended),
    ranMs: Math.max(0, ended.atMs - startedAtMs),
    ...(isFirst ? { waitedMs: Math.max(0, startedAtMs - job.openedAt) } : {}),
  };
}

/** A row that became a dead letter without a run. */
export function endWithoutRun(
  job: OutboxJob,
  ended: Pick<JobEnd, 'by' | 'end' | 'reason' | 'code' | 'sink' | 'atMs'>,
): JobEnd {
  const { id: jobId, jobType, eventId, eventType, slot, openedAt } = job;
  const ageMs = Math.max(0, ended.atMs - openedAt);
  return { jobId, jobType, eventId, eventType, isBulk: isBulkSlot(slot), ageMs, ...ended };
}

/** A row that is no job, parked. */
export function endOfMalformed(jobId: string, at: Pick<JobEnd, 'by' | 'atMs'>): JobEnd {
  const reason = 'malformed';
  return { jobId, jobType: reason, end: 'failed', reason, isBulk: false, ageMs: 0, ...at };
}
