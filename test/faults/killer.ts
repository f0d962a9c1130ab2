import { setTimeout as pause } from 'node:timers/promises';
import type { SeededRandom } from '../../functions/src/outbox/testing/simulation/random.ts';
import type { Fleet } from './fleet.ts';

/** Between two kills, in real time. */
const LEAST_MS = 600;
const MOST_MS = 1_500;
const LOOK_AGAIN_MS = 20;
/** On a slow machine a kill a second would leave nothing but starting processes: so much is done between two. */
const LEAST_DONE = 80;

export interface KillerReport {
  readonly kills: number;
  /** How often it waited for a third start to end. */
  readonly spared: number;
}

export interface KillerPlan {
  readonly fleet: Fleet;
  readonly random: SeededRandom;
  /** How many jobs are done by now, and how many there are. */
  readonly done: () => number;
  readonly total: number;
  /**
   * Chance may kill one job three times in a row; then poison is the right verdict, and this is no test
   * of it. So nobody is killed while a third start is out: whoever is blamed then is blamed wrongly.
   */
  readonly mustSpare: () => Promise<boolean>;
  readonly signal: AbortSignal;
}

/** Kills a worker every second or so, until it is told to stop. */
export async function killAgainAndAgain(plan: KillerPlan): Promise<KillerReport> {
  const { fleet, random, signal } = plan;
  let kills = 0;
  let spared = 0;
  while (!signal.aborted) {
    const nextAt = Math.min(plan.done() + (kills === 0 ? 0 : LEAST_DONE), plan.total - 1);
    await pause(random.int(LEAST_MS, MOST_MS));
    const chosen = random.next();
    while (!signal.aborted && !(fleet.isWhole && plan.done() >= nextAt)) await pause(LOOK_AGAIN_MS);
    while (!signal.aborted && (await plan.mustSpare())) {
      spared += 1;
      await pause(LOOK_AGAIN_MS);
    }
    if (signal.aborted || !fleet.isWhole) continue;
    await fleet.kill(Math.floor(chosen * fleet.size));
    kills += 1;
  }
  return { kills, spared };
}
