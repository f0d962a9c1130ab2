import type { ServerTime } from '#kernel';
import { decidePickup } from '../model/pickup.ts';
import { failWithoutRun, pushBack } from '../model/transitions.ts';
import type { JobRow, Row } from '../store.ts';
import type { RunEnd } from './run-job.ts';
import { claimAndRun } from './run-job.ts';
import type { Worker } from './worker.ts';
import { hasTimeFor } from './worker.ts';

/** How a sweep's visit to a row ended; the children it ran add theirs. */
export type VisitEnd = RunEnd | 'waiting' | 'left' | 'error';

/**
 * Does with a due row what is to be done with it, and moves it: what stayed where it is would be in
 * front of the next page again. One row's trouble is never its neighbours': nothing is thrown.
 */
export async function visit(worker: Worker, row: Row, time: ServerTime): Promise<VisitEnd[]> {
  await worker.capacity.take();
  try {
    return row.kind === 'job' ? await visitJob(worker, row, time) : await park(worker, row, time);
  } catch (error) {
    worker.logs.rowFailed(row.kind === 'job' ? row.job.id : row.id, error);
    return ['error'];
  } finally {
    worker.capacity.giveBack();
  }
}

async function visitJob(worker: Worker, row: JobRow, time: ServerTime): Promise<VisitEnd[]> {
  const { job, fence } = row;
  const nowMs = time.nowMs();
  const pickup = decidePickup(job, worker.handlers(job.jobType), nowMs);
  switch (pickup.kind) {
    case 'leave':
      return ['left'];
    case 'run':
      // Not claimed: its due time is past, so the next tick finds it first.
      if (!hasTimeFor(worker, pickup.handler)) return ['left'];
      return claimAndRun(worker, row, pickup.handler, time);
    case 'wait': {
      worker.logs.unroutable(job);
      const next = pushBack(job, pickup.untilMs, pickup.unroutableSince);
      await worker.store.write(fence, next);
      return ['waiting'];
    }
    case 'fail': {
      worker.logs.refusedToRun(job, pickup.reason);
      const next = failWithoutRun(job, pickup.reason, pickup.message, nowMs);
      const written = await worker.store.write(fence, next);
      return [written.kind === 'lost' ? 'lost' : 'failed'];
    }
  }
}

async function park(
  worker: Worker,
  row: Exclude<Row, JobRow>,
  time: ServerTime,
): Promise<VisitEnd[]> {
  worker.logs.parked(row);
  await worker.store.park(row, time.nowMs());
  return ['failed'];
}
