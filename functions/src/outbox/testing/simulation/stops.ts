import { SECOND_MS } from '#kernel';
import type { Process } from './process.ts';
import type { World } from './world.ts';

/** What the platform gives an instance from when it is told until it is ended. */
const GRACE_MS = 10 * SECOND_MS;

/** What is told. */
interface Stoppable {
  readonly process: Process;
  readonly stopping: AbortController;
}

/** An instance is told that it is about to end, and then it ends: a deployment, say, or less to do. */
export function tellToEnd(world: World, { process, stopping }: Stoppable): void {
  if (process.stoppedAtMs !== undefined) return;
  process.stoppedAtMs = world.nowMs;
  stopping.abort();
  world.scheduler.trace.add(`  ${process.name} is told to end`);
  world.at(world.nowMs + GRACE_MS, `${process.name} has to end`, () => {
    if (!process.isAlive) return;
    checkGivenBack(world, process);
    process.kill('its time is over');
  });
}

/** What it had claimed and not begun was given back, and spent nothing. */
function checkGivenBack({ judge }: World, process: Process): void {
  for (const { id, row, starts, isVandalised } of judge.ledger.jobs.values()) {
    const run = starts.at(-1);
    if (isVandalised || run?.invocation.process !== process || run.call !== undefined) continue;
    if (row?.status !== 'processing' || row.runId !== run.runId) continue;
    // It may have been frozen since, or told of an error where it was in fact claimed.
    if (process.isDisturbedSince(run.madeAtMs)) continue;
    judge.accuse('an instance that is to end gives back what it has not begun', id);
  }
}
