import { onTaskDispatched } from 'firebase-functions/tasks';
import type { SweepMemory } from '../composition/index.ts';
import { getBackend, maxWorkers, parseWorkerTask, workTask } from '../composition/index.ts';
import { DEPLOYMENT } from './deployment.ts';
import { openInvocation } from './invocation.ts';
import { logs } from './logs.ts';

const TIMEOUT_SECONDS = 540;
/** What is left is for what was started last to end in. */
const USED_SHARE = 0.8;

/** What this instance remembers, by the slots it was called for. */
const memories = new Map<string, SweepMemory>();

/**
 * Works through the slots that a tick handed off, or that a retry is due in, and calls itself again while
 * there is more, until the next tick. Only an accelerator, hence no retry: what it does not do, the tick
 * does.
 */
export const outboxWorker = onTaskDispatched(
  {
    ...DEPLOYMENT,
    memory: '512MiB',
    timeoutSeconds: TIMEOUT_SECONDS,
    concurrency: 1,
    retryConfig: { maxAttempts: 1 },
    rateLimits: { maxConcurrentDispatches: maxWorkers },
  },
  async ({ data }) => {
    try {
      const task = parseWorkerTask(data);
      if (task === undefined) throw new Error('What it was called with is no task.');
      const worker = openInvocation('task', TIMEOUT_SECONDS * 1_000 * USED_SHARE);
      await workTask(worker, task, memoryOf(task.slots));
      await getBackend().metrics.writeDue();
    } catch (error) {
      logs.workerFailed(error);
    }
  },
);

function memoryOf(slots: readonly number[]): SweepMemory {
  const key = slots.join(',');
  const memory = memories.get(key) ?? { lastFromZeroElapsedMs: undefined };
  memories.set(key, memory);
  return memory;
}
