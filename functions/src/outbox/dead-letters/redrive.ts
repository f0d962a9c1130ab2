import type { Place } from '../model/handler.ts';
import type { OutboxJob } from '../model/job.ts';
import { heldUntilMs } from '../model/ordering.ts';
import { hold, leaveLine, redrive, standInLine } from '../model/transitions.ts';
import type { JobRow, OutboxStore, WriteResult } from '../store.ts';
import { readJob } from './read-job.ts';
import { wakeHead } from './wake-head.ts';

/** How a redrive ended. Only `redriven` changed anything. */
export type RedriveResult =
  | { readonly kind: 'redriven' }
  | { readonly kind: 'not-found' }
  /** The document is no job; mend it by hand first. `problem`: what is wrong with it, by field. */
  | { readonly kind: 'malformed'; readonly problem: string }
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

/** How many rows of a line are looked through for one that might be run next. */
const LOOK_AHEAD = 20;

/** Sends a dead letter or a cancelled job round again: attempts and crashes from zero, due now. */
export async function redriveJob(
  store: OutboxStore,
  id: string,
  { place, regainPlace = false }: RedriveOptions = {},
): Promise<RedriveResult> {
  const { row, readAtMs } = await readJob(store, id);
  if (row === undefined) return { kind: 'not-found' };
  if (row.kind === 'malformed') return { kind: 'malformed', problem: row.problem };
  const { job, fence } = row;
  if (job.status !== 'failed' && job.status !== 'cancelled') {
    return { kind: 'still-open', status: job.status };
  }
  if (isInLine(job)) return openInLine(store, { ...row, job });
  if (place === undefined) return resultOf(await store.write(fence, redrive(job, readAtMs)));
  return regainPlace ? regain(store, row, place) : { kind: 'gave-up-its-place' };
}

/**
 * It takes its place while it is still closed: from then on every worker that asks for the head of the
 * line finds it, and waits. Only a worker that asked before may still run one behind it, and `openInLine`
 * sees to that one. If this dies half way, the job blocks its line, is listed so, and can be redriven.
 */
async function regain(store: OutboxStore, row: JobRow, place: Place): Promise<RedriveResult> {
  const job = { ...standInLine(row.job, place), ...place };
  const placed = await store.write(row.fence, job);
  if (placed.kind === 'lost') return { kind: 'changed' };
  const result = await openInLine(store, { ...placed.row, job });
  if (result.kind !== 'redriven') {
    await store.write(placed.row.fence, leaveLine(job));
    await wakeHead(store, place.orderingKey);
  }
  return result;
}

/**
 * Opens a job that stands in its line, in one commit with a write to the first one behind it that could
 * be run: a worker that has read that one as the head, and means to run it, no longer can.
 */
async function openInLine(
  store: OutboxStore,
  { job, fence }: JobRow & { readonly job: OutboxJob & Place },
): Promise<RedriveResult> {
  const { rows, readAtMs } = await store.readLine(job.orderingKey, LOOK_AHEAD);
  const next = redrive(job, readAtMs);
  const behind = rows.filter((row) => row.kind === 'job').find((row) => isNextBehind(row, job));
  if (behind === undefined) return resultOf(await store.write(fence, next));
  if (behind.job.status === 'processing') return { kind: 'line-is-busy' };
  const waiting = hold(behind.job, heldUntilMs(next, readAtMs), next.id);
  const both = [
    { fence, next },
    { fence: behind.fence, next: waiting },
  ];
  return (await store.writeAll(both)) ? { kind: 'redriven' } : { kind: 'changed' };
}

/** Dead and paused rows have no due time: nobody means to run them. */
function isNextBehind({ job: other }: JobRow, job: OutboxJob & Place): boolean {
  return other.nextAttemptAt !== undefined && (other.sequence ?? 0) > job.sequence;
}

function isInLine(job: OutboxJob): job is OutboxJob & Place {
  return job.orderingKey !== undefined && job.sequence !== undefined;
}

function resultOf(written: WriteResult): RedriveResult {
  return { kind: written.kind === 'written' ? 'redriven' : 'changed' };
}
