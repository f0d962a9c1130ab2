import type { Place } from '../model/handler.ts';
import type { OutboxJob } from '../model/job.ts';
import { heldUntilMs } from '../model/ordering.ts';
import { hold, redrive } from '../model/transitions.ts';
import type { JobRow, OutboxStore, WriteResult } from '../store.ts';
import { readJob } from './read-job.ts';

/** How a redrive ended. Only `redriven` changed anything. */
export type RedriveResult =
  | { readonly kind: 'redriven' }
  | { readonly kind: 'not-found' }
  /** Only `failed` and `cancelled` jobs are sent round again. */
  | { readonly kind: 'still-open'; readonly status: OutboxJob['status'] }
  /** It gave up its place in its line; sending it round again out of turn has to be asked for by name. */
  | { readonly kind: 'gave-up-its-place' }
  /** It was to get its place back, while a later one is being run. Try again when that has ended. */
  | { readonly kind: 'line-is-busy' }
  /** Somebody changed it at the same moment. */
  | { readonly kind: 'changed' };

/** What a redrive is told besides the job's id. */
export interface RedriveOptions {
  /**
   * The place of an ordered job, as its event says. A job that gave it up (cancelled, or passed over) is
   * refused unless `regainPlace`; what later ones already did is not undone.
   */
  readonly place?: Place | undefined;
  readonly regainPlace?: boolean | undefined;
}

/** Sends a dead letter or a cancelled job round again: attempts and crashes from zero, due now. */
export async function redriveJob(
  store: OutboxStore,
  id: string,
  { place, regainPlace = false }: RedriveOptions = {},
): Promise<RedriveResult> {
  const { row, readAtMs } = await readJob(store, id);
  if (row === undefined) return { kind: 'not-found' };
  const { job, fence } = row;
  if (job.status !== 'failed' && job.status !== 'cancelled') {
    return { kind: 'still-open', status: job.status };
  }
  const next = redrive(job, readAtMs);
  const gaveUp = place !== undefined && job.orderingKey === undefined;
  if (!gaveUp) return resultOf(await store.write(fence, next));
  if (!regainPlace) return { kind: 'gave-up-its-place' };
  return regain(store, row, { ...next, ...place });
}

/**
 * The place is restored in one commit with a write to the head, so that no worker that has just read that
 * head, and means to run it, still can.
 */
async function regain(
  store: OutboxStore,
  { fence }: JobRow,
  next: OutboxJob & Place,
): Promise<RedriveResult> {
  const { rows, readAtMs } = await store.readHead(next.orderingKey);
  const [head] = rows;
  if (head?.kind !== 'job' || (head.job.sequence ?? 0) < next.sequence) {
    return resultOf(await store.write(fence, next));
  }
  if (head.job.status === 'processing') return { kind: 'line-is-busy' };
  // A paused or dead head has no due time, and gets none here.
  const behind =
    head.job.status === 'pending' && head.job.nextAttemptAt !== undefined
      ? hold(head.job, heldUntilMs(next, readAtMs), next.id)
      : { ...head.job, runId: undefined };
  const both = [
    { fence, next },
    { fence: head.fence, next: behind },
  ];
  return (await store.writeAll(both)) ? { kind: 'redriven' } : { kind: 'changed' };
}

function resultOf(written: WriteResult): RedriveResult {
  return { kind: written.kind === 'written' ? 'redriven' : 'changed' };
}
