import type { ServerTime } from '#kernel';
import type { BatchHandler } from '../model/handler.ts';
import { isBatch } from '../model/handler.ts';
import type { OutboxJob } from '../model/job.ts';
import type { JobRow } from '../store.ts';
import { callBatch } from './call-sink.ts';
import { pickUp, sinkOf } from './decide.ts';
import { inJobSpan } from './job-spans.ts';
import { claim, hasLeaseFor } from './run-job.ts';
import type { RunEnd } from './settle-run.ts';
import { giveBack, settleAlone } from './settle-run.ts';
import type { VisitEnd } from './visit.ts';
import { visitRow } from './visit.ts';
import type { Worker } from './worker.ts';
import { hasTimeFor } from './worker.ts';

/** Rows that one call of their handler takes. */
export interface Batch {
  readonly handler: BatchHandler;
  readonly rows: readonly JobRow[];
}

/**
 * The handler that takes this job together with others, if one does. What was tried before goes alone: it
 * may be what its batch failed of.
 */
function batchHandlerOf(worker: Worker, job: OutboxJob): BatchHandler | undefined {
  const handler = worker.handlers(job.jobType);
  const isNew = job.status === 'pending' && job.attempts === 0 && job.crashes === 0;
  return isNew && handler !== undefined && isBatch(handler) ? handler : undefined;
}

/** Sorts rows into batches of their handlers, none too large; `alone` are those that go into none. */
export function sortIntoBatches(
  worker: Worker,
  rows: readonly JobRow[],
): { readonly batches: readonly Batch[]; readonly alone: readonly JobRow[] } {
  const byHandler = Map.groupBy(rows, ({ job }) => batchHandlerOf(worker, job));
  const batches = [...byHandler].flatMap(([handler, members]) =>
    handler === undefined
      ? []
      : bySink(handler, members).flatMap((ofOne) => inChunks(handler, ofOne)),
  );
  return { batches, alone: byHandler.get(undefined) ?? [] };
}

function bySink(handler: BatchHandler, rows: readonly JobRow[]): JobRow[][] {
  return [...Map.groupBy(rows, ({ job }) => sinkOf(handler, job)).values()];
}

function inChunks(handler: BatchHandler, rows: readonly JobRow[]): Batch[] {
  const size = handler.maxBatchSize;
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) => {
    return { handler, rows: rows.slice(index * size, (index + 1) * size) };
  });
}

/** Sends what may be run of a batch in one call; what may not is visited as any other row. */
export async function visitBatch(
  worker: Worker,
  { handler, rows }: Batch,
  time: ServerTime,
): Promise<VisitEnd[]> {
  const nowMs = time.nowMs();
  const pickups = await Promise.all(rows.map(({ job }) => pickUp(worker, job, nowMs)));
  const together = rows.filter((_, index) => pickups[index]?.kind === 'run');
  const apart = rows.filter((_, index) => pickups[index]?.kind !== 'run');
  const ends = await Promise.all([
    runBatch(worker, { handler, rows: together }, time),
    ...apart.map((row) => visitRow(worker, row, time)),
  ]);
  return ends.flat();
}

async function runBatch(
  worker: Worker,
  { handler, rows }: Batch,
  time: ServerTime,
): Promise<VisitEnd[]> {
  if (rows.length === 0) return [];
  await worker.capacity.take();
  try {
    // Not claimed: their due times are past, so the next tick finds them first.
    if (!hasTimeFor(worker, handler)) return rows.map(() => 'left');
    const claims = await Promise.all(rows.map((row) => claimOne(worker, row, time)));
    const claimed = claims.filter((one) => typeof one !== 'string');
    const others = claims.filter((one) => typeof one === 'string');
    return [...others, ...(await sendClaimed(worker, { handler, rows: claimed }, time))];
  } finally {
    worker.capacity.giveBack();
  }
}

async function claimOne(
  worker: Worker,
  row: JobRow,
  time: ServerTime,
): Promise<JobRow | 'lost' | 'error'> {
  return orError(worker, row, async () => (await claim(worker, row, time)) ?? 'lost');
}

/** Each is settled by its own outcome; what is not sent after all is given back. */
async function sendClaimed(
  worker: Worker,
  { handler, rows }: Batch,
  time: ServerTime,
): Promise<VisitEnd[]> {
  if (rows.length === 0) return [];
  const inTime = rows.every(({ job }) => hasLeaseFor(worker, handler, job, time));
  const jobs = rows.map(({ job }) => job);
  const outcomes = inTime ? await callBatch(worker, jobs, handler, time) : 'late';
  const nowMs = time.nowMs();
  const dueAtMs = outcomes === 'open' ? nowMs + worker.breakers.openMs : nowMs;
  const settle = (row: JobRow, index: number): Promise<RunEnd> => {
    const outcome = typeof outcomes === 'string' ? undefined : outcomes[index];
    return outcome === undefined
      ? giveBack(worker, row, { nowMs, dueAtMs })
      : settleAlone(worker, row, handler, { outcome, time });
  };
  const settleInSpan = async (row: JobRow, index: number): Promise<RunEnd> => {
    const { end } = await inJobSpan(row.job, async () => ({ end: await settle(row, index) }));
    return end;
  };
  return Promise.all(
    rows.map((row, index) => orError(worker, row, () => settleInSpan(row, index))),
  );
}

/** One row's trouble is never its neighbours'. */
async function orError<End>(
  worker: Worker,
  { job }: JobRow,
  act: () => Promise<End>,
): Promise<End | 'error'> {
  try {
    return await act();
  } catch (error) {
    worker.logs.rowFailed(job.id, error);
    return 'error';
  }
}
