import type { OutboxJob } from '../model/job.ts';
import { cancel } from '../model/transitions.ts';
import type { Move } from '../model/move.ts';
import type { OutboxStore, Row } from '../store.ts';
import { readJob } from './read-job.ts';
import { wakeHead } from './wake-head.ts';
import { writeMoves } from './write-moves.ts';

/** How a cancel ended. Only `cancelled` changed anything. */
export type CancelResult =
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'not-found' }
  /** The document is no job; mend it by hand first. `problem`: what is wrong with it, by field. */
  | { readonly kind: 'malformed'; readonly problem: string }
  /** It is being run, or was sent, or was cancelled before. */
  | { readonly kind: 'not-cancellable'; readonly status: OutboxJob['status'] }
  | { readonly kind: 'changed' };

/** What taking a row out takes, or why it cannot be. Nothing is written. */
export type CancelPlan =
  | { readonly kind: 'planned'; readonly moves: readonly Move[] }
  | Extract<CancelResult, { readonly kind: 'malformed' | 'not-cancellable' }>;

/** Takes a job out that waits, is paused or is a dead letter. It gives up its place, and the line goes on. */
export async function cancelJob(store: OutboxStore, id: string): Promise<CancelResult> {
  const { row } = await readJob(store, id);
  if (row === undefined) return { kind: 'not-found' };
  const plan = planCancel(row);
  if (plan.kind !== 'planned') return plan;
  if (!(await writeMoves(store, plan.moves))) return { kind: 'changed' };
  const orderingKey = row.kind === 'job' ? row.job.orderingKey : undefined;
  if (orderingKey !== undefined) await wakeHead(store, orderingKey);
  return { kind: 'cancelled' };
}

/**
 * Decides how a row is taken out, for whoever writes it with something else. Whoever waited for it alone looks again
 * within the hour, or at once by what `planWake` says.
 */
export function planCancel(row: Row): CancelPlan {
  if (row.kind === 'malformed') return { kind: 'malformed', problem: row.problem };
  const { job, fence } = row;
  if (!isCancellable(job)) return { kind: 'not-cancellable', status: job.status };
  return { kind: 'planned', moves: [{ fence, next: cancel(job) }] };
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
