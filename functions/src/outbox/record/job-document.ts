import type { DocumentData } from '#kernel';
import { DELETE_FIELD, SERVER_TIME } from '#kernel';
import type { HistoryEntry, OutboxJob } from '../model/job.ts';

/** The fields of `outbox` documents that hold a time; everything else is stored as it is. */
type Times = 'nextAttemptAt' | 'openedAt' | 'sentAt' | 'expireAt';

function date(ms: number): Date {
  return new Date(ms);
}

function encodeTimes(job: Pick<OutboxJob, Times>): DocumentData {
  return {
    openedAt: date(job.openedAt),
    nextAttemptAt: job.nextAttemptAt === undefined ? undefined : date(job.nextAttemptAt),
    sentAt: job.sentAt === undefined ? undefined : date(job.sentAt),
    expireAt: job.expireAt === undefined ? undefined : date(job.expireAt),
  };
}

function encodeHistory(entry: HistoryEntry): DocumentData {
  return defined({
    ...entry,
    startedAt: date(entry.startedAt),
    endedAt: entry.endedAt === undefined ? undefined : date(entry.endedAt),
  });
}

function defined(data: DocumentData): DocumentData {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
}

/** Every field that may change, absent ones as undefined. */
function encodeState(job: OutboxJob): DocumentData {
  return {
    status: job.status,
    slot: job.slot,
    attempts: job.attempts,
    crashes: job.crashes,
    runs: job.runs,
    redrives: job.redrives,
    maxAttempts: job.maxAttempts,
    runId: job.runId,
    ...encodeTimes(job),
    orderingKey: job.orderingKey,
    sequence: job.sequence,
    heldBy: job.heldBy,
    blocking: job.blocking,
    pausedBy: job.pausedBy,
    lease: job.lease === undefined ? undefined : { expiresAt: date(job.lease.expiresAt) },
    unroutableSince: job.unroutableSince === undefined ? undefined : date(job.unroutableSince),
    lastError:
      job.lastError === undefined ? undefined : { ...job.lastError, at: date(job.lastError.at) },
    failure: job.failure === undefined ? undefined : { ...job.failure, at: date(job.failure.at) },
    history: job.history.map(encodeHistory),
  };
}

/** A whole new document. */
export function encodeJob(job: OutboxJob): DocumentData {
  const { id, orgId, jobType, eventId, eventType, recipientUid, payload, metadata } = job;
  return defined({
    id,
    orgId,
    jobType,
    eventId,
    eventType,
    recipientUid,
    payload,
    metadata: defined({ ...metadata }),
    ...encodeState(job),
    createdAt: date(job.createdAt),
    updatedAt: SERVER_TIME,
  });
}

/**
 * The update that brings a stored row to the state `job` has: fields it no longer has are taken out.
 *
 * @param stored the row as it is stored, where that is known: then only what differs is written. Left out,
 *   everything is.
 */
export function encodeJobUpdate(job: OutboxJob, stored?: OutboxJob): DocumentData {
  const isNews = (name: string): boolean =>
    stored === undefined || job[name as keyof OutboxJob] !== stored[name as keyof OutboxJob];
  const entries = Object.entries(encodeState(job))
    .filter(([name]) => isNews(name))
    .map(([name, value]) => [name, value === undefined ? DELETE_FIELD : value] as const);
  return { ...Object.fromEntries(entries), updatedAt: SERVER_TIME };
}

/** The update that parks a row that is no job, whatever it holds. */
export function encodePark(
  { problem, isInLine }: { readonly problem: string; readonly isInLine: boolean },
  nowMs: number,
): DocumentData {
  const at = date(nowMs);
  return {
    status: 'failed',
    failure: { reason: 'malformed', at },
    lastError: { code: 'malformed', message: problem, at },
    blocking: isInLine ? true : DELETE_FIELD,
    nextAttemptAt: DELETE_FIELD,
    lease: DELETE_FIELD,
    pausedBy: DELETE_FIELD,
    updatedAt: SERVER_TIME,
  };
}
