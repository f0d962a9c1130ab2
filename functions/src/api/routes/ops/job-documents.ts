import { z } from 'zod';
import type { OutboxJob, Pause } from '#outbox';
import { RUN_OUTCOMES, RUNNERS } from '#outbox';
import { jobDocument, showJob, textOf, timeOf } from '../../documents.ts';
import { timeText } from '../../fields.ts';

/** A job as operators see it: whose it is and where it stands, and not what it would send. */
export const opsJobDocument = jobDocument.extend({
  orgId: z.string(),
  eventId: z.string().optional(),
  eventType: z.string().optional(),
  recipientUid: z.string().optional(),
  correlationId: z.string(),
  createdAt: timeText,
  openedAt: timeText,
  runs: z.int(),
  crashes: z.int(),
  pausedBy: z.string().optional(),
  blocking: z.boolean().optional(),
});

/** Some of the jobs that were asked for; rows that are no jobs apart, to be mended by hand. */
export const opsJobPageDocument = z.strictObject({
  jobs: z.array(opsJobDocument),
  malformed: z.array(z.strictObject({ id: z.string(), problem: z.string() })),
  nextCursor: z.string().optional(),
});

/** A run as a job remembers it. */
export const runDocument = z.strictObject({
  runId: z.string(),
  by: z.enum(RUNNERS),
  attempt: z.int(),
  startedAt: timeText,
  endedAt: timeText.optional(),
  outcome: z.enum(RUN_OUTCOMES),
  code: z.string().optional(),
});

/** What is held back, by whom and why. */
export const pauseDocument = z.strictObject({
  id: z.string(),
  jobType: z.string().optional(),
  orgId: z.string().optional(),
  by: z.string(),
  reason: z.string(),
  at: timeText,
  resumingSince: timeText.optional(),
});

/** Schemas that answers refer to by name. */
export const OPS_NAMED = {
  OpsJob: opsJobDocument,
  OpsJobPage: opsJobPageDocument,
  Pause: pauseDocument,
};

/** A job for operators. */
export function showOpsJob(job: OutboxJob): z.input<typeof opsJobDocument> {
  const { orgId, eventId, eventType, recipientUid, runs, crashes, pausedBy, blocking } = job;
  const about = { orgId, eventId, eventType, recipientUid, runs, crashes, pausedBy, blocking };
  return {
    ...showJob(job),
    ...about,
    correlationId: job.metadata.correlationId,
    createdAt: timeOf(job.createdAt),
    openedAt: timeOf(job.openedAt),
  };
}

/** A job's last runs, oldest first. */
export function showRuns({ history }: OutboxJob): z.input<typeof runDocument>[] {
  return history.map((entry) => ({
    ...entry,
    startedAt: timeOf(entry.startedAt),
    endedAt: textOf(entry.endedAt),
  }));
}

/** A pause for operators. */
export function showPause({
  atMs,
  resumingSinceMs,
  ...pause
}: Pause): z.input<typeof pauseDocument> {
  return { ...pause, at: timeOf(atMs), resumingSince: textOf(resumingSinceMs) };
}
