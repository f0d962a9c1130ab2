import type { ServerTime } from '#kernel';
import { failWithoutRun, pause, pushBack, withoutDueTime } from '../model/transitions.ts';
import type { OutboxJob } from '../model/job.ts';
import { endOfMalformed, endWithoutRun } from '../model/job-end.ts';
import type { JobRow, MalformedRow, Row } from '../store.ts';
import { pickUp } from './decide.ts';
import { tell } from './observe.ts';
import { claimAndRun } from './run-job.ts';
import type { RunEnd } from './settle-run.ts';
import type { Worker } from './worker.ts';
import { hasTimeFor } from './worker.ts';
import { writeEnd } from './write-end.ts';

/** How a visit to a row ended; the children it ran add theirs. */
export type VisitEnd = RunEnd | 'waiting' | 'held' | 'paused' | 'moved' | 'left' | 'error';

/**
 * Does with a due row what is to be done with it, and moves it: what stayed where it is would be in
 * front of the next page again. One row's trouble is never its neighbours': nothing is thrown.
 */
export async function visitRow(worker: Worker, row: Row, time: ServerTime): Promise<VisitEnd[]> {
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

/** Moves a row without running it, many at a time; like `visitRow` it throws nothing. */
export async function moveRow(
  worker: Worker,
  row: JobRow,
  next: OutboxJob,
  end: 'held' | 'moved',
): Promise<VisitEnd[]> {
  try {
    const written = await worker.store.write(row.fence, next);
    return [written.kind === 'lost' ? 'lost' : end];
  } catch (error) {
    worker.logs.rowFailed(row.job.id, error);
    return ['error'];
  }
}

async function visitJob(worker: Worker, row: JobRow, time: ServerTime): Promise<VisitEnd[]> {
  const { job, fence } = row;
  const nowMs = time.nowMs();
  const pickup = await pickUp(worker, job, nowMs);
  switch (pickup.kind) {
    case 'leave':
      return ['left'];
    case 'run':
      // Not claimed: its due time is past, so the next tick finds it first.
      if (!hasTimeFor(worker, pickup.handler)) return ['left'];
      return claimAndRun(worker, row, pickup.handler, time);
    case 'wait':
      if (pickup.unroutableSince !== undefined) worker.logs.unroutable(job);
      await worker.store.write(fence, pushBack(job, pickup.untilMs, pickup.unroutableSince));
      return ['waiting'];
    case 'pause':
      await worker.store.write(fence, pause(job, pickup.pauseId));
      return ['paused'];
    case 'close':
      await worker.store.write(fence, withoutDueTime(job));
      return ['moved'];
    case 'fail': {
      worker.logs.refusedToRun(job, pickup.reason);
      const { reason, message } = pickup;
      const handler = worker.handlers(job.jobType);
      const next = failWithoutRun(job, handler, { reason, message, nowMs });
      const written = await writeEnd(worker, { fence, next }, handler);
      if (written === 'lost') return ['lost'];
      const ended = { by: worker.by, end: 'failed', reason, atMs: nowMs } as const;
      tell(worker, () => endWithoutRun(job, ended));
      return ['failed'];
    }
  }
}

async function park(worker: Worker, row: MalformedRow, time: ServerTime): Promise<VisitEnd[]> {
  worker.logs.parked(row);
  const atMs = time.nowMs();
  await worker.store.park(row, atMs);
  tell(worker, () => endOfMalformed(row.id, { by: worker.by, atMs }));
  return ['failed'];
}
