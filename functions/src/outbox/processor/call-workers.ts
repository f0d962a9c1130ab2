import { SECOND_MS } from '#kernel';
import { shareSlots } from '../model/slots.ts';
import type { ScaleOut, WorkerTask } from './scale-out.ts';
import type { Worker } from './worker.ts';

/** Retries that are due within the same ten seconds share a call. */
const WAKE_UP_EVERY_MS = 10 * SECOND_MS;

/**
 * Deals the slots out, keeps a share, and calls a worker for each other; answers the slots that are left
 * to this one: its own, and those nobody could be called for.
 */
export async function handOff(
  worker: Worker,
  slots: readonly number[],
  { tickAtMs, nowMs }: { readonly tickAtMs: number; readonly nowMs: number },
): Promise<readonly number[]> {
  const { scaleOut } = worker;
  if (scaleOut === undefined) return slots;
  const [own = [], ...others] = shareSlots(slots, scaleOut.maxWorkers + 1);
  const untilMs = scaleOut.nextTickMs(nowMs);
  const left = others.map(async (share) => {
    const task = { slots: share, sinceMs: tickAtMs, untilMs, hop: 0 };
    return (await isCalled(worker, scaleOut, task)) ? [] : share;
  });
  return [...own, ...(await Promise.all(left)).flat()];
}

/** Sees to it that somebody looks at a slot when a retry is due, if no tick does before. */
export async function wakeUpAt(
  worker: Worker,
  slot: number,
  dueMs: number,
  nowMs: number,
): Promise<void> {
  const { scaleOut } = worker;
  if (scaleOut === undefined) return;
  const untilMs = scaleOut.nextTickMs(nowMs);
  const wakeMs = Math.ceil(dueMs / WAKE_UP_EVERY_MS) * WAKE_UP_EVERY_MS;
  if (wakeMs >= untilMs) return;
  await isCalled(worker, scaleOut, { slots: [slot], sinceMs: wakeMs, untilMs, hop: 0 }, wakeMs);
}

/** Whether a worker will come; that none does is no failure of the work that asked for it. */
export async function isCalled(
  { logs }: Worker,
  scaleOut: ScaleOut,
  task: WorkerTask,
  notBeforeMs?: number,
): Promise<boolean> {
  try {
    await scaleOut.call(task, notBeforeMs);
    return true;
  } catch (error) {
    logs.wakeUpFailed(task.slots, error);
    return false;
  }
}
