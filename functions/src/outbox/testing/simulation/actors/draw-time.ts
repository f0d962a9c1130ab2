import type { SeededRandom } from '../random.ts';
import { TICK_EVERY_MS } from '../tick-times.ts';
import type { World } from '../world.ts';

/** A moment in the chaos; as likely as not just before a tick, where it gets in somebody's way. */
export function drawTime(world: World, random: SeededRandom, afterwardsMs = 0): number {
  const { startMs } = world.scheduler;
  const endMs = world.chaosEndsAtMs + afterwardsMs;
  const atMs = random.int(startMs, endMs);
  if (random.chance(0.5)) return atMs;
  const tickMs = startMs + Math.ceil((atMs - startMs) / TICK_EVERY_MS) * TICK_EVERY_MS;
  return Math.min(endMs, Math.max(startMs, tickMs - random.int(0, 500)));
}
