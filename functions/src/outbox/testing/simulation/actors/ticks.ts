import { MINUTE_MS, SECOND_MS } from '#kernel';
import { sweep } from '../../../processor/sweep.ts';
import type { Invocation } from '../facts.ts';
import { Fleet } from '../fleet.ts';
import type { SeededRandom } from '../random.ts';
import type { World } from '../world.ts';
import { TICK_BUDGET_MS } from '../left-behind.ts';
import { TICK_EVERY_MS } from '../tick-times.ts';

const TIMEOUT_MS = 110 * SECOND_MS;
/** The scheduler calls again where it got no answer, which may be after the next tick. */
const LATEST_MS = 3 * MINUTE_MS;

/**
 * The scheduled tick: several times for one schedule, some lost, while the chaos lasts. Answers how to
 * call one more.
 */
export function addTicks(world: World): (tickAtMs: number) => Invocation {
  const fleet = new Fleet(world, {
    by: 'tick',
    concurrency: 1,
    timeoutMs: TIMEOUT_MS,
    budgetMs: TICK_BUDGET_MS,
  });
  const tick = (tickAtMs: number): Invocation =>
    fleet.invoke((worker, instance) => sweep(worker, instance.memoryOf(), { tickAtMs }));
  const random = world.random.fork('ticks');
  const { ticks, tickLossShare } = world.scenario;
  const { startMs } = world.scheduler;
  for (let atMs = startMs; atMs <= world.chaosEndsAtMs; atMs += TICK_EVERY_MS) {
    const count = random.chance(tickLossShare) ? 0 : random.int(1, ticks);
    for (let number = 0; number < count; number += 1) {
      const lateMs = drawLateMs(random);
      world.at(atMs + lateMs, 'tick', () => {
        tick(atMs);
      });
    }
  }
  return tick;
}

function drawLateMs(random: SeededRandom): number {
  if (random.chance(0.5)) return random.int(0, 50);
  return random.int(0, random.chance(0.1) ? LATEST_MS : 30 * SECOND_MS);
}
