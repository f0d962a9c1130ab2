import { SECOND_MS } from '#kernel';
import { parseWorkerTask, workTask } from '../../../processor/work-task.ts';
import type { WorkerTask } from '../../../processor/scale-out.ts';
import type { Invocation } from '../facts.ts';
import { Fleet } from '../fleet.ts';
import type { World } from '../world.ts';

const TIMEOUT_MS = 540 * SECOND_MS;
const BUDGET_MS = 432 * SECOND_MS;

/** The workers that are called through the queue: each call is a call of a function. */
export function addTasks(world: World): void {
  const { calls, scenario } = world;
  const fleet = new Fleet(world, {
    by: 'task',
    concurrency: 1,
    timeoutMs: TIMEOUT_MS,
    budgetMs: BUDGET_MS,
  });
  const running = new Set<Invocation>();
  calls.callWorker = async (told: WorkerTask) => {
    const task = parseWorkerTask(told);
    if (task === undefined) throw new Error('What it was called with is no task.');
    const over = Promise.withResolvers<void>();
    const call = fleet.invoke(
      (worker, instance) => workTask(worker, task, instance.memoryOf(task.slots)),
      over.resolve,
    );
    running.add(call);
    calls.workers.push({ task, call });
    if (running.size > scenario.maxWorkers) {
      world.judge.accuse('no more workers than there may be', `${running.size} at work`);
    }
    // Dead or late: the platform answers for it, and the queue has done its part.
    call.process.onDeath.push(over.resolve);
    world.at(world.nowMs + TIMEOUT_MS, `${call.name} is given up`, over.resolve);
    await over.promise;
    running.delete(call);
  };
}
