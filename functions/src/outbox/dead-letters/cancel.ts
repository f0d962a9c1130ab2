import type { OutboxJob } from '../model/job.ts';
import { cancel } from '../model/transitions.ts';
import type { OutboxStore } from '../store.ts';
import { readJob } from './read-job.ts';
import { wakeHead } from './wake-head.ts';

/** How a cancel ended. Only `cancelled` changed anything. */
export type CancelResult =
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'not-found' }
  /** The document is no job; mend it by hand first. `problem`: what is wrong with it, by field. */
  | { readonly kind: 'malformed'; readonly problem: string }
  /** It is being run, or was sent, or was cancelled before. */
  | { readonly kind: 'not-cancellable'; readonly status: OutboxJob['status'] }
  | { readonly kind: 'changed' };

/** Takes a job out that waits, is paused or is a dead letter. It gives up its place, and the line goes on. */
export async function cancelJob(store: OutboxStore, id: string): Promise<CancelResult> {
  const { row } = await readJob(store, id);
  if (row === undefined) return { kind: 'not-found' };
  if (row.kind === 'malformed') return { kind: 'malformed', problem: row.problem };
  const { job, fence } = row;
  if (!isCancellable(job)) return { kind: 'not-cancellable', status: job.status };
  const written = await store.write(fence, cancel(job));
  if (written.kind === 'lost') return { kind: 'changed' };
  if (job.orderingKey !== undefined) await wakeHead(store, job.orderingKey);
  return { kind: 'cancelled' };
}

function isCancellable({ status, orderingKey, pausedBy }: OutboxJob): boolean {
  switch (status) {
    case 'pending':
    case 'failed':
      return true;
    case 'processing':
      // Its worker was lost: only then does a pause take hold of a row that was started.
      return pausedBy !== undefined;
    case 'cancelled':
      // A redrive that died half way leaves a cancelled job that has its place again.
      return orderingKey !== undefined;
    case 'sent':
      return false;
  }
}
