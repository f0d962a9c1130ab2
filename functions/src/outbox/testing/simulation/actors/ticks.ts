import { SECOND_MS } from '#kernel';
import { sweep } from '../../../processor/sweep.ts';
import type { Invocation } from '../facts.ts';
import { Fleet } from '../fleet.ts';
import type { World } from '../world.ts';
import { TICK_BUDGET_MS } from '../left-behind.ts';
import { TICK_EVERY_MS } from './draw-time.ts';

const TIMEOUT_MS = 110 * SECOND_MS;

/** The scheduled tick: several at once, some lost, while the chaos lasts. Answers how to call one more. */
export function addTicks(world: World): () => Invocation {
  const fleet = new Fleet(world, {
    by: 'tick',
    concurrency: 1,
    timeoutMs: TIMEOUT_MS,
    budgetMs: TICK_BUDGET_MS,
  });
  const tick = (): Invocation => fleet.invoke((worker, { memory }) => sweep(worker, memory));
  const random = world.random.fork('ticks');
  const { ticks, tickLossShare } = world.scenario;
  const { startMs } = world.scheduler;
  for (let atMs = startMs; atMs <= world.chaosEndsAtMs; atMs += TICK_EVERY_MS) {
    const count = random.chance(tickLossShare) ? 0 : random.int(1, ticks);
    for (let number = 0; number < count; number += 1) {
      const lateMs = random.chance(0.5) ? random.int(0, 50) : random.int(0, 30 * SECOND_MS);
      world.at(atMs + lateMs, 'tick', tick);
    }
  }
  return tick;
}
