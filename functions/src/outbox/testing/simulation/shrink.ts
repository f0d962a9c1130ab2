import type { Knob, Scenario } from './scenario.ts';
import { LEAST } from './scenario.ts';
import type { SimulationResult } from './simulate.ts';
import { simulate } from './simulate.ts';

/** How many simulations a shrinking may cost, and how many seeds each smaller scenario is given. */
const MAX_PLAYS = 600;
const SEEDS_PER_TRY = 6;

/**
 * Looks for a smaller scenario that breaks the same promise: every knob as far down as it goes.
 * A knob that is turned changes what chance does to everything, so a few seeds are tried each time.
 */
export async function shrink(failure: SimulationResult): Promise<SimulationResult> {
  const promise = failure.violations[0]?.promise;
  let smallest = failure;
  let plays = 0;
  const breaks = async (scenario: Scenario): Promise<boolean> => {
    for (let offset = 0; offset < SEEDS_PER_TRY && plays < MAX_PLAYS; offset += 1) {
      plays += 1;
      const result = await simulate({ ...scenario, seed: scenario.seed + offset });
      if (result.violations[0]?.promise !== promise) continue;
      smallest = result;
      return true;
    }
    return false;
  };
  const knobs = (Object.keys(failure.scenario) as Knob[]).filter((knob) => knob !== 'seed');
  const turnDown = async (knob: Knob): Promise<boolean> => {
    for (const value of smallerValues(knob, smallest.scenario[knob])) {
      if (await breaks({ ...smallest.scenario, [knob]: value })) return true;
    }
    return false;
  };
  for (;;) {
    let isSmaller = false;
    for (const knob of knobs) {
      const isTurned = await turnDown(knob);
      isSmaller ||= isTurned;
    }
    if (!isSmaller) return smallest;
  }
}

/** From the least on: nothing at all, then half. */
function smallerValues(knob: Knob, value: number): number[] {
  const least = LEAST[knob] ?? 0;
  if (value <= least) return [];
  const half = least + (value - least) / 2;
  const isWhole = Number.isInteger(value);
  const middle = isWhole ? Math.floor(half) : Math.round(half * 10_000) / 10_000;
  const isDone = middle >= value || (!isWhole && middle < 0.002);
  return isDone || middle === least ? [least] : [least, middle];
}
