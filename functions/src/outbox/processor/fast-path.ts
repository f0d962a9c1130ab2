import { ServerTime } from '#kernel';
import { isSuspect } from '../model/pickup.ts';
import type { JobRow, Row } from '../store.ts';
import { followLine, readHead } from './line.ts';
import { pickUp } from './decide.ts';
import { claimAndRun, runUnclaimed } from './run-job.ts';
import type { VisitEnd } from './visit.ts';
import type { Worker } from './worker.ts';
import { hasTimeFor } from './worker.ts';

/**
 * Runs an event's jobs at once. An accelerator: it acts only on rows that are plainly new or due again,
 * leaves everything doubtful (leases that ran out, suspects, unknown job types) to the tick, and
 * whatever it does not do, or dies over, the tick does.
 */
export async function runJobsNow(worker: Worker, jobIds: readonly string[]): Promise<VisitEnd[]> {
  const { rows, readAtMs } = await worker.store.readRows(jobIds);
  const time = new ServerTime(worker.clock, readAtMs);
  const ends = await Promise.all(rows.map((row) => runRow(worker, row, time)));
  return ends.flat();
}

async function runRow(worker: Worker, row: Row, time: ServerTime): Promise<VisitEnd[]> {
  if (row.kind === 'malformed' || isSuspect(row.job)) return [];
  const { orderingKey } = row.job;
  if (orderingKey !== undefined) return runInLine(worker, row, orderingKey);
  await worker.capacity.take();
  try {
    const pickup = await pickUp(worker, row.job, time.nowMs());
    if (pickup.kind !== 'run' || !hasTimeFor(worker, pickup.handler)) return [];
    return pickup.handler.kind === 'transactional'
      ? await runUnclaimed(worker, row, pickup.handler, time)
      : await claimAndRun(worker, row, pickup.handler, time);
  } catch (error) {
    worker.logs.rowFailed(row.job.id, error);
    return [];
  } finally {
    worker.capacity.giveBack();
  }
}

/** Runs an ordered job if it is first in its line, and then whoever is next. */
async function runInLine(worker: Worker, row: JobRow, orderingKey: string): Promise<VisitEnd[]> {
  try {
    const head = await readHead(worker, orderingKey);
    const isFirst = head.row?.kind === 'job' && head.row.job.id === row.job.id;
    return isFirst ? (await followLine(worker, orderingKey)).ends.slice() : [];
  } catch (error) {
    worker.logs.rowFailed(row.job.id, error);
    return [];
  }
}
