import type { OutboxJob } from '../model/job.ts';
import { cancel, pushBack } from '../model/transitions.ts';
import type { OutboxStore } from '../store.ts';
import { readJob } from './read-job.ts';

/** How a cancel ended. Only `cancelled` changed anything. */
export type CancelResult =
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'not-found' }
  /** It is being run, or was sent, or was cancelled before. */
  | { readonly kind: 'not-cancellable'; readonly status: OutboxJob['status'] }
  | { readonly kind: 'changed' };

/** Takes a job out that waits or is a dead letter. It gives up its place, and the line goes on. */
export async function cancelJob(store: OutboxStore, id: string): Promise<CancelResult> {
  const { row } = await readJob(store, id);
  if (row === undefined) return { kind: 'not-found' };
  const { job, fence } = row;
  if (job.status !== 'pending' && job.status !== 'failed') {
    return { kind: 'not-cancellable', status: job.status };
  }
  const written = await store.write(fence, cancel(job));
  if (written.kind === 'lost') return { kind: 'changed' };
  if (job.orderingKey !== undefined) await wakeHead(store, job.orderingKey);
  return { kind: 'cancelled' };
}

/** Whoever waited for the job only is due now. If this fails, it is due by itself within the hour. */
async function wakeHead(store: OutboxStore, orderingKey: string): Promise<void> {
  const { rows, readAtMs } = await store.readHead(orderingKey);
  const [head] = rows;
  if (head?.kind !== 'job' || head.job.status !== 'pending' || head.job.heldBy === undefined)
    return;
  await store.write(head.fence, { ...pushBack(head.job, readAtMs), heldBy: undefined });
}
