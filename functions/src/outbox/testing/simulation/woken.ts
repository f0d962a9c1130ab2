import { SECOND_MS } from '#kernel';
import { nextTickMs } from './tick-times.ts';
import type { Invocation, RunFacts } from './facts.ts';
import type { World } from './world.ts';

/** Retries that are due within this time share a call. */
const SHARED_MS = 10 * SECOND_MS;
/** What a write may have taken: the engine decided on what comes next before it. */
const WRITTEN_WITHIN_MS = 5 * SECOND_MS;

/** Somebody is called to each retry that is due before the next tick, and not before it is due. */
export function checkWoken(world: World, call: Invocation): void {
  if (world.scenario.maxWorkers === 0 || call.process.isDisturbedSince(call.startedAtMs)) return;
  for (const { id, starts } of world.judge.ledger.jobs.values()) {
    const unwoken = starts.find((run) => run.invocation === call && isUnwoken(world, run));
    if (unwoken === undefined) continue;
    world.judge.accuse('somebody is called to a retry', `${id} after ${unwoken.runId}`);
  }
}

function isUnwoken(world: World, { end, invocation }: RunFacts): boolean {
  if (end?.retry === undefined) return false;
  const { dueMs, slot } = end.retry;
  const wakeMs = Math.ceil(dueMs / SHARED_MS) * SHARED_MS;
  const comesFirst = [end.atMs, end.atMs - WRITTEN_WITHIN_MS].some(
    (atMs) => nextTickMs(world.scheduler.startMs, atMs) <= wakeMs,
  );
  if (comesFirst) return false;
  return !world.calls.asked.some(
    ({ by, task, notBeforeMs = 0 }) =>
      by === invocation.process &&
      task.slots.includes(slot) &&
      notBeforeMs >= dueMs &&
      notBeforeMs < dueMs + SHARED_MS,
  );
}
