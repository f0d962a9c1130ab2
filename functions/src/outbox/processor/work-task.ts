import { z } from 'zod';
import { isCalled } from './call-workers.ts';
import type { WorkerTask } from './scale-out.ts';
import type { SweepMemory } from './sweep.ts';
import { sweep } from './sweep.ts';
import type { SweepReport } from './tally.ts';
import type { Worker } from './worker.ts';

const workerTask = z.strictObject({
  slots: z.array(z.int().min(0)).min(1).max(2_000),
  sinceMs: z.int(),
  untilMs: z.int(),
  hop: z.int().min(0),
});

/** What a task queue handed over, if it is a task; undefined otherwise. */
export function parseWorkerTask(data: unknown): WorkerTask | undefined {
  return workerTask.safeParse(data).data;
}

/**
 * What a worker does that was called through the queue: one sweep of its slots, and, if that did not
 * come to the end, a call to the next to go on, until the next tick takes over.
 */
export async function workTask(
  worker: Worker,
  task: WorkerTask,
  memory: SweepMemory,
): Promise<SweepReport> {
  const { slots, untilMs, hop } = task;
  const report = await sweep(worker, memory, { slots, untilMs });
  const isOver = report.isComplete || report.endedAtMs >= untilMs;
  if (!isOver && worker.scaleOut !== undefined) {
    await isCalled(worker, worker.scaleOut, { ...task, hop: hop + 1 });
  }
  return report;
}
