import type { CancelResult, JobStatus, RedriveResult } from '#outbox';
import { CodedError } from '#kernel';
import { HttpError } from '../../request-input.ts';

/** How a change of a job can end without one. */
export type Refused =
  | Exclude<RedriveResult | CancelResult, { readonly kind: 'redriven' | 'cancelled' }>
  /** Its place in its line cannot be known. */
  | { readonly kind: 'event-missing' }
  /** It is the next step of an operation. */
  | { readonly kind: 'is-a-step'; readonly operationId: string };

/** What to tell an operator whose change was not made. */
export function refusalOf(refused: Refused): Error {
  switch (refused.kind) {
    case 'not-found':
      return noSuchJob();
    case 'malformed':
      return malformed(refused.problem);
    case 'still-open':
      return stillOpen(refused.status);
    case 'not-cancellable':
      return notCancellable(refused.status);
    case 'gave-up-its-place':
      return new HttpError(
        'gave-up-its-place',
        'It gave up its place in its line, and later ones may have run. To run it all the same, before those that still wait, ask again with "regainPlace": true; what later ones did is not undone.',
      );
    case 'line-is-busy':
      return new HttpError(
        'line-is-busy',
        'A later one of its line is being run. Try again when that has ended.',
      );
    case 'changed':
      return new HttpError(
        'contention',
        'Somebody changed it at the same moment. Look at it, and decide again.',
      );
    case 'event-missing':
      return new HttpError(
        'event-missing',
        'It gave up its place in its line, and its event, which says where that was, is not there. Cancel it.',
      );
    case 'is-a-step':
      return new HttpError(
        'job-not-cancellable',
        `It is a step of an operation: cancel that, with POST /v1/ops/operations/${refused.operationId}/cancel.`,
      );
  }
}

export function noSuchJob(): CodedError {
  return new CodedError(
    'not-found',
    'There is no such job. Sent ones are deleted after OUTBOX_KEEP_SENT_DAYS.',
  );
}

/** The document is no job; `problem`: what is wrong with it, by field. */
export function malformed(problem: string): HttpError {
  return new HttpError('job-malformed', `The row is no job; mend it by hand first: ${problem}.`);
}

function stillOpen(status: JobStatus): HttpError {
  const message = `It is ${status}: only failed and cancelled jobs are sent round again.`;
  return new HttpError('job-not-closed', message);
}

function notCancellable(status: JobStatus): HttpError {
  const whatToDo =
    status === 'processing' ? 'wait until its run has ended' : 'there is nothing to be done';
  return new HttpError('job-not-cancellable', `It is ${status}: ${whatToDo}.`);
}
