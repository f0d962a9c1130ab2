import { z } from 'zod';
import { FAILURE_REASONS, JOB_STATUSES, RUN_OUTCOMES, RUNNERS } from '../model/job.ts';
import type { OutboxJob } from '../model/job.ts';

const time = z.unknown().transform((value, context) => {
  const ms = millisOf(value);
  if (ms !== undefined) return ms;
  context.addIssue({ code: 'custom', message: 'expected a timestamp' });
  return z.NEVER;
});
/** A `Date`, or a time as Firestore gives it back. */
function millisOf(value: unknown): number | undefined {
  if (value instanceof Date) return value.getTime();
  if (typeof value !== 'object' || value === null || !('toMillis' in value)) return undefined;
  const { toMillis } = value as { readonly toMillis: unknown };
  if (typeof toMillis !== 'function') return undefined;
  const ms: unknown = Reflect.apply(toMillis, value, []);
  return typeof ms === 'number' ? ms : undefined;
}

const count = z.number().int().nonnegative();

const historyEntry = z.object({
  runId: z.string(),
  by: z.enum(RUNNERS),
  attempt: count,
  startedAt: time,
  endedAt: time.optional(),
  outcome: z.enum(RUN_OUTCOMES),
  code: z.string().optional(),
});

const fields = z.object({
  id: z.string(),
  orgId: z.string(),
  jobType: z.string(),
  eventId: z.string().optional(),
  eventType: z.string().optional(),
  recipientUid: z.string().optional(),
  payload: z.record(z.string(), z.unknown()).optional(),
  metadata: z.object({ correlationId: z.string(), traceparent: z.string().optional() }),
  createdAt: time,
  status: z.enum(JOB_STATUSES),
  slot: count,
  attempts: count,
  crashes: count,
  runs: count,
  redrives: count,
  maxAttempts: count.min(1),
  openedAt: time,
  nextAttemptAt: time.optional(),
  runId: z.string().optional(),
  lease: z.object({ expiresAt: time }).optional(),
  orderingKey: z.string().optional(),
  sequence: count.optional(),
  heldBy: z.string().optional(),
  blocking: z.boolean().optional(),
  pausedBy: z.string().optional(),
  unroutableSince: time.optional(),
  lastError: z.object({ code: z.string(), message: z.string(), at: time }).optional(),
  failure: z.object({ reason: z.enum(FAILURE_REASONS), at: time }).optional(),
  history: z.array(historyEntry),
  sentAt: time.optional(),
  expireAt: time.optional(),
});

/** Half a place is none, and yet such a row would be waited for: it is in no line, and stands in one. */
const outboxJob = fields.refine(
  ({ orderingKey, sequence }) => (orderingKey === undefined) === (sequence === undefined),
  { path: ['sequence'], message: 'expected with orderingKey, and only so' },
);

/** A stored row as the model sees it, or what is wrong with it, by field. */
export type DecodedJob =
  | { readonly kind: 'job'; readonly job: OutboxJob }
  | { readonly kind: 'malformed'; readonly problem: string };

/** Reads a stored row; a row edited into nonsense is an answer here, not an exception. */
export function decodeJob(documentId: string, data: unknown): DecodedJob {
  const result = outboxJob.safeParse(data);
  if (result.success && result.data.id === documentId) return { kind: 'job', job: result.data };
  if (result.success) return { kind: 'malformed', problem: 'id: is not its document’s' };
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return { kind: 'malformed', problem: problems.join('; ').slice(0, 500) };
}

/** Whether the line query finds this row, whatever else it looks like. */
export function isInLine(data: Readonly<Record<string, unknown>> | undefined): boolean {
  return data?.['orderingKey'] !== undefined && data['sequence'] !== undefined;
}
