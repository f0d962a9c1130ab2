import type { DocumentData } from '#kernel';
import { SERVER_TIME } from '#kernel';
import type { NewJob } from '#outbox';
import type { Operation } from './operation.ts';
import { auditJob, AUDIT_LOG } from './audit-job.ts';

/** Why an operation ended, where no error says it. */
const REASONS = {
  done: 'There is nothing left of it.',
  cancelled: 'It was cancelled.',
} as const;

/** How an operation ended. */
type Outcome =
  | { readonly outcome: keyof typeof REASONS }
  | { readonly outcome: 'failed'; readonly code: string; readonly message: string };

/** What is known of it then. */
type Ended = Pick<Operation, 'id' | 'correlationId'> &
  Partial<Pick<Operation, 'seen' | 'done' | 'skipped'>>;

/**
 * The entry of the audit log that says how an operation ended, and the job that sends it, both to be written in the
 * commit that ends it. It has an id of its operation, so that there is one however often it is written. `by`: no person
 * ends it, a step does.
 */
export function outcomeEntry(
  { id: target, correlationId, seen, done, skipped }: Ended,
  how: Outcome,
): { readonly path: string; readonly data: DocumentData; readonly job: NewJob } {
  const id = `${target}~end`;
  const reason = how.outcome === 'failed' ? `${how.code}: ${how.message}` : REASONS[how.outcome];
  const { outcome } = how;
  const about = { by: 'operations', action: 'operation.end', target, reason, correlationId };
  const counts = seen === undefined ? {} : { seen, done, skipped };
  const times = { at: SERVER_TIME, endedAt: SERVER_TIME };
  const data = { id, ...about, outcome, ...counts, ...times };
  return { path: `${AUDIT_LOG}/${id}`, data, job: auditJob(id, correlationId) };
}
