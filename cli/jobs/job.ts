import type { components, operations } from '../api/contract.ts';
import type { Output, Style } from '../output/output.ts';
import type { Column } from '../output/table.ts';
import { formatTime } from '../output/text.ts';

/** As operators see one. */
export type Job = components['schemas']['OpsJob'];
export type JobStatus = Job['status'];
/** What anybody is shown of one. */
export type AnyJob = components['schemas']['Job'];
export type FailureReason = NonNullable<
  NonNullable<operations['listDeadLetters']['parameters']['query']>['reason']
>;

export const JOB_STATUSES = [
  'pending',
  'processing',
  'sent',
  'failed',
  'cancelled',
] as const satisfies readonly JobStatus[];

export const FAILURE_REASONS = [
  'attempts-spent',
  'permanent',
  'unknown-outcome',
  'expired',
  'poison',
  'unroutable',
  'malformed',
] as const satisfies readonly FailureReason[];

const STYLES: Readonly<Record<JobStatus, Style>> = {
  pending: 'yellow',
  processing: 'yellow',
  sent: 'green',
  failed: 'red',
  cancelled: 'dim',
};

/** In the colour of the status. */
export function paintStatus(output: Output, status: JobStatus, text: string = status): string {
  return output.paint(STYLES[status], text);
}

/** What became of it, in a few words. */
export function describeOutcome({ failure, lastError, nextAttemptAt, sentAt }: AnyJob): string {
  const error = lastError && `${lastError.code}: ${lastError.message}`;
  if (failure !== undefined) return [failure.reason, error].filter(Boolean).join(', ');
  if (sentAt !== undefined) return formatTime(sentAt);
  const due = nextAttemptAt === undefined ? '' : `due ${formatTime(nextAttemptAt)}`;
  return [due, error].filter(Boolean).join(', ');
}

/** Columns of a list of jobs. */
export function jobColumns<Row extends AnyJob>(output: Output): readonly Column<Row>[] {
  return [
    { title: 'id', read: ({ id }) => id },
    {
      title: 'status',
      read: ({ status }) => status,
      paint: (cell, { status }) => paintStatus(output, status, cell),
    },
    {
      title: 'attempts',
      align: 'right',
      read: ({ attempts, maxAttempts }) => `${attempts}/${maxAttempts}`,
    },
    { title: 'outcome', read: describeOutcome, least: 20 },
  ];
}
