import type { DocumentWrite } from '#kernel';
import type { JobHandler } from '../model/handler.ts';
import type { OutboxJob } from '../model/job.ts';
import type { Fence } from '../store.ts';
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
  const writes = writesOf(worker, next, handler);
  if (writes.length > 0) {
    const settled = await worker.store.settle(fence, next, {
      writes,
      moves: [],
      pending: [],
      started: [],
    });
    if (settled.kind === 'lost') return 'lost';
    if (settled.kind === 'settled') return 'written';
    worker.logs.deadLetterWritesFailed(next, settled.error);
  }
  return (await worker.store.write(fence, next)).kind;
}

function writesOf(
  worker: Worker,
  job: OutboxJob,
  handler: JobHandler | undefined,
): readonly DocumentWrite[] {
  if (job.status !== 'failed' || job.failure === undefined) return [];
  try {
    return handler?.onDeadLetter?.(job, job.failure.reason) ?? [];
  } catch (error) {
    worker.logs.deadLetterWritesFailed(job, error);
    return [];
  }
}
