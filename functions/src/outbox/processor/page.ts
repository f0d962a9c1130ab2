import type { ServerTime } from '#kernel';
import { heldUntilMs, MIN_HOLD_MS } from '../model/ordering.ts';
import { isSuspect } from '../model/pickup.ts';
import { hold, pushBack } from '../model/transitions.ts';
import type { JobRow, Row } from '../store.ts';
import type { Head, LineProgress } from './line.ts';
import { followLine } from './line.ts';
import { sortIntoBatches, visitBatch } from './run-batch.ts';
import type { VisitEnd } from './visit.ts';
import { moveRow, visitRow } from './visit.ts';
import type { Worker } from './worker.ts';

/** What of a page can only be done alone, after everything else. */
type Suspects = JobRow[];

/**
 * Visits every row of a page: everything innocent first, many at a time, the rows of one line one after
 * another; then the suspects, one at a time, with nobody beside them. Before it all goes the one suspect
 * that an earlier page had no time for, or a backlog without end would never let it run.
 */
export async function visitPage(
  worker: Worker,
  rows: readonly Row[],
  time: ServerTime,
): Promise<VisitEnd[]> {
  const first = rows.filter(isJob).find(({ job }) => isSuspect(job) && job.heldBy === job.id);
  if (first === undefined) return visitRows(worker, rows, time);
  const rest = rows.filter((row) => row !== first);
  return [...(await visitRows(worker, [first], time)), ...(await visitRows(worker, rest, time))];
}

async function visitRows(
  worker: Worker,
  rows: readonly Row[],
  time: ServerTime,
): Promise<VisitEnd[]> {
  const { lines, alone, malformed, suspects } = sortOut(rows);
  const jobs = sortIntoBatches(worker, alone);
  const visits = [
    ...malformed.map((row) => visitRow(worker, row, time)),
    ...jobs.alone.map((row) => visitRow(worker, row, time)),
    ...jobs.batches.map((batch) => visitBatch(worker, batch, time)),
    ...[...lines].map(([key, members]) => visitLine(worker, key, { members, suspects })),
  ];
  const ends = (await Promise.all(visits)).flat();
  return [...ends, ...(await visitSuspects(worker, suspects, time))];
}

async function visitSuspects(
  worker: Worker,
  suspects: Suspects,
  time: ServerTime,
): Promise<VisitEnd[]> {
  const ends: VisitEnd[] = [];
  const late: JobRow[] = [];
  for (const row of suspects) {
    const visit = await visitSuspect(worker, row, time);
    if (visit.every((end) => end === 'left')) late.push(row);
    else ends.push(...visit);
  }
  return [...ends, ...(await setAside(worker, late, time))];
}

/**
 * There was no time for them: out of the way of those who come after. Only the first of them is held by
 * its own id and so first in its next page, or a page of killers would let nobody else run for a long time.
 */
async function setAside(
  worker: Worker,
  late: readonly JobRow[],
  time: ServerTime,
): Promise<VisitEnd[]> {
  // An instance that is to end is not out of time: the next one has all of it.
  if (worker.stopping?.aborted === true) return late.map(() => 'left');
  const untilMs = time.nowMs() + MIN_HOLD_MS;
  const moves = late.map((row, index) => {
    const { job } = row;
    const next =
      index === 0 ? hold(job, untilMs, job.id) : pushBack(job, untilMs, job.unroutableSince);
    return moveRow(worker, row, next, 'held');
  });
  return (await Promise.all(moves)).flat();
}

function sortOut(rows: readonly Row[]) {
  const lines = new Map<string, JobRow[]>();
  const alone: JobRow[] = [];
  const malformed: Row[] = [];
  const suspects: Suspects = [];
  for (const row of rows) {
    const key = row.kind === 'job' ? row.job.orderingKey : undefined;
    if (row.kind === 'job' && key !== undefined) {
      lines.set(key, [...(lines.get(key) ?? []), row]);
    } else if (row.kind === 'malformed') malformed.push(row);
    else if (isSuspect(row.job)) suspects.push(row);
    else alone.push(row);
  }
  return { lines, alone, malformed, suspects };
}

/** Runs what may run of a line, and holds those of its due rows that have to wait. */
async function visitLine(
  worker: Worker,
  orderingKey: string,
  { members, suspects }: { members: readonly JobRow[]; suspects: Suspects },
): Promise<VisitEnd[]> {
  let progress: LineProgress;
  try {
    progress = await followLine(worker, orderingKey);
  } catch (error) {
    worker.logs.rowFailed(orderingKey, error);
    return ['error'];
  }
  const { ends, visited, head } = progress;
  const first = head.row?.kind === 'job' ? head.row : undefined;
  if (first !== undefined && isSuspect(first.job) && isDue(first, head.time)) suspects.push(first);
  const waiting = members.filter(({ job }) => !visited.has(job.id) && job.id !== first?.job.id);
  const holds = waiting.map((row) => holdBehind(worker, row, head));
  return [...ends, ...(await Promise.all(holds)).flat()];
}

function isDue({ job }: JobRow, time: ServerTime): boolean {
  return job.nextAttemptAt !== undefined && job.nextAttemptAt <= time.nowMs();
}

async function holdBehind(worker: Worker, row: JobRow, { row: head, time }: Head) {
  // Nobody is in front of it, so it was moved since the page was read.
  if (head === undefined) return ['left'] as const;
  const { id, nextAttemptAt } =
    head.kind === 'job' ? head.job : { ...head, nextAttemptAt: undefined };
  const untilMs = heldUntilMs({ nextAttemptAt }, time.nowMs());
  return moveRow(worker, row, hold(row.job, untilMs, id), 'held');
}

async function visitSuspect(worker: Worker, row: JobRow, time: ServerTime): Promise<VisitEnd[]> {
  const ends = await visitRow(worker, row, time);
  const { orderingKey } = row.job;
  if (orderingKey === undefined) return ends;
  try {
    return [...ends, ...(await followLine(worker, orderingKey)).ends];
  } catch (error) {
    worker.logs.rowFailed(orderingKey, error);
    return [...ends, 'error'];
  }
}

function isJob(row: Row): row is JobRow {
  return row.kind === 'job';
}
