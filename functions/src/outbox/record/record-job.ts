import type { DocumentWrite } from '#kernel';
import { SERVER_TIME } from '#kernel';
import type { JobHandler, NewJob } from '../model/handler.ts';
import { jobId } from '../model/job-id.ts';
import type { SlotCounts } from '../model/slots.ts';
import { bulkSlotOf, slotOf } from '../model/slots.ts';
import type { OutboxJob } from '../model/job.ts';
import type { Run } from '../model/transitions.ts';
import { startRun } from '../model/transitions.ts';
import { checkNewJob } from './check-new-job.ts';
import { encodeJob } from './job-document.ts';

/** Where jobs live. */
export const OUTBOX = 'outbox';

/** What a new row takes over from its subscription and the settings. */
export interface RecordingOptions {
  readonly slots: SlotCounts;
  /** The failure of this many attempts makes it a dead letter; from its subscription's policy. */
  readonly maxAttempts: number;
}

/**
 * The row of a new job, due at the time of the commit that writes it.
 * It is a `create`: a second job with the same id is refused by Firestore itself.
 * Throws `invalid-input` for ids that no document can have, and for a place or a time that cannot be.
 */
export function recordPendingJob(job: NewJob, options: RecordingOptions): DocumentWrite {
  const row = newRow(job, options, 0);
  const dueAt = job.notBefore ?? SERVER_TIME;
  const data = { ...encodeJob(row), createdAt: SERVER_TIME, openedAt: dueAt };
  return {
    kind: 'create',
    path: `${OUTBOX}/${row.id}`,
    data: { ...data, nextAttemptAt: dueAt },
  };
}

/** A new job that whoever writes it runs at once: created already claimed, which saves a write. */
export function startNewJob(
  job: NewJob,
  handler: JobHandler,
  slots: SlotCounts,
  run: Run,
): OutboxJob {
  const options = { slots, maxAttempts: handler.policy.maxAttempts };
  return startRun(newRow(job, options, run.startedAtMs), run);
}

/** The write that creates a row in the state it has. */
export function createRow(job: OutboxJob): DocumentWrite {
  return { kind: 'create', path: `${OUTBOX}/${job.id}`, data: encodeJob(job) };
}

function newRow(job: NewJob, { slots, maxAttempts }: RecordingOptions, nowMs: number): OutboxJob {
  checkNewJob(job);
  const { causeId, place, notBefore: _, priority, ...rest } = job;
  const { jobType, orgId, recipientUid } = job;
  const id = jobId({ jobType, orgId, causeId, recipient: recipientUid });
  return {
    ...rest,
    ...place,
    id,
    status: 'pending',
    slot: priority === 'bulk' ? bulkSlotOf(orgId, id, slots) : slotOf(id, slots),
    attempts: 0,
    crashes: 0,
    runs: 0,
    redrives: 0,
    maxAttempts,
    history: [],
    createdAt: nowMs,
    openedAt: nowMs,
    nextAttemptAt: nowMs,
  };
}
