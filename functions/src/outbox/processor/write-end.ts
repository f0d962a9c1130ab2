import type { JobHandler } from '../model/handler.ts';
import type { OutboxJob } from '../model/job.ts';
import type { Fence, SettlingEffects } from '../store.ts';
import { recordChild } from './children.ts';
import type { Worker } from './worker.ts';

/**
 * Brings a row to the state `next`; where that is a dead letter, with what its subscription wants written
 * beside it. If those writes are refused it is a dead letter all the same: a job has to end.
 */
export async function writeEnd(
  worker: Worker,
  { fence, next }: { readonly fence: Fence; readonly next: OutboxJob },
  handler: JobHandler | undefined,
): Promise<'written' | 'lost'> {
  const beside = besideDeadLetter(worker, next, handler);
  if (beside !== undefined) {
    const settled = await worker.store.settle(fence, next, { ...beside, moves: [], started: [] });
    if (settled.kind === 'lost') return 'lost';
    if (settled.kind === 'settled') return 'written';
    worker.logs.deadLetterWritesFailed(next, settled.error);
  }
  return (await worker.store.write(fence, next)).kind;
}

function besideDeadLetter(
  worker: Worker,
  job: OutboxJob,
  handler: JobHandler | undefined,
): Pick<SettlingEffects, 'writes' | 'pending'> | undefined {
  if (job.status !== 'failed' || job.failure === undefined) return undefined;
  try {
    const effects = handler?.onDeadLetter?.(job, job.failure.reason);
    if (effects === undefined) return undefined;
    const { writes, jobs } = effects;
    return { writes, pending: jobs.map((child) => recordChild(worker, child)) };
  } catch (error) {
    worker.logs.deadLetterWritesFailed(job, error);
    return undefined;
  }
}
