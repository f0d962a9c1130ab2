import type { Place } from '../model/handler.ts';
import type { OutboxJob } from '../model/job.ts';
import { heldUntilMs } from '../model/ordering.ts';
import { hold, leaveLine, redrive, standInLine } from '../model/transitions.ts';
import type { Move } from '../model/move.ts';
import type { JobRow, OutboxStore, Row } from '../store.ts';
import { readJob } from './read-job.ts';
import { wakeHead } from './wake-head.ts';
import { writeMoves } from './write-moves.ts';

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

/** What sending a row round again takes, or why it cannot be. Nothing is written. */
export type RedrivePlan =
  | { readonly kind: 'planned'; readonly moves: readonly Move[] }
  | Extract<RedriveResult, { readonly kind: 'malformed' | 'still-open' | 'line-is-busy' }>;

/** Sends a dead letter or a cancelled job round again: attempts and crashes from zero, due now. */
export async function redriveJob(
  store: OutboxStore,
  id: string,
  { place, regainPlace = false }: RedriveOptions = {},
): Promise<RedriveResult> {
  const { row, readAtMs } = await readJob(store, id);
  if (row === undefined) return { kind: 'not-found' };
  const hasNoPlace = row.kind === 'job' && isClosed(row.job) && !isInLine(row.job);
  if (hasNoPlace && place !== undefined) {
    return regainPlace ? regain(store, row, place) : { kind: 'gave-up-its-place' };
  }
  return carryOut(store, await planRedrive(store, row, readAtMs));
}

/**
 * Decides how a row is sent round again, as read at `readAtMs`, for whoever writes it with something else. A job that
 * gave up its place in a line goes round without one: whoever calls this for an ordered type asks first.
 */
export async function planRedrive(
  store: Pick<OutboxStore, 'readLine'>,
  row: Row,
  readAtMs: number,
): Promise<RedrivePlan> {
  if (row.kind === 'malformed') return { kind: 'malformed', problem: row.problem };
  const { job, fence } = row;
  if (!isClosed(job)) return { kind: 'still-open', status: job.status };
  if (isInLine(job)) return planInLine(store, { ...row, job });
  return { kind: 'planned', moves: [{ fence, next: redrive(job, readAtMs) }] };
}

async function carryOut(store: OutboxStore, plan: RedrivePlan): Promise<RedriveResult> {
  if (plan.kind !== 'planned') return plan;
  return { kind: (await writeMoves(store, plan.moves)) ? 'redriven' : 'changed' };
}

/**
 * It takes its place while it is still closed: from then on every worker that asks for the head of the
 * line finds it, and waits. Only a worker that asked before may still run one behind it, and `planInLine`
 * sees to that one. If this dies half way, the job blocks its line, is listed so, and can be redriven.
 */
async function regain(store: OutboxStore, row: JobRow, place: Place): Promise<RedriveResult> {
  const job = { ...standInLine(row.job, place), ...place };
  const placed = await store.write(row.fence, job);
  if (placed.kind === 'lost') return { kind: 'changed' };
  const result = await carryOut(store, await planInLine(store, { ...placed.row, job }));
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
async function planInLine(
  store: Pick<OutboxStore, 'readLine'>,
  { job, fence }: JobRow & { readonly job: OutboxJob & Place },
): Promise<RedrivePlan> {
  const { rows, readAtMs } = await store.readLine(job.orderingKey, LOOK_AHEAD);
  const opened = { fence, next: redrive(job, readAtMs) };
  const behind = rows.filter((row) => row.kind === 'job').find((row) => isNextBehind(row, job));
  if (behind === undefined) return { kind: 'planned', moves: [opened] };
  if (behind.job.status === 'processing') return { kind: 'line-is-busy' };
  const untilMs = heldUntilMs(opened.next, readAtMs);
  const waiting = { fence: behind.fence, next: hold(behind.job, untilMs, job.id) };
  return { kind: 'planned', moves: [opened, waiting] };
}

/** Dead and paused rows have no due time: nobody means to run them. */
function isNextBehind({ job: other }: JobRow, job: OutboxJob & Place): boolean {
  return other.nextAttemptAt !== undefined && (other.sequence ?? 0) > job.sequence;
}

function isInLine(job: OutboxJob): job is OutboxJob & Place {
  return job.orderingKey !== undefined && job.sequence !== undefined;
}

function isClosed({ status }: OutboxJob): boolean {
  return status === 'failed' || status === 'cancelled';
}
