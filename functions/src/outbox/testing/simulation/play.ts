import type { Scenario } from './scenario.ts';
import { scenarioOf } from './scenario.ts';
import { shrink } from './shrink.ts';
import type { SimulationResult } from './simulate.ts';
import { simulate } from './simulate.ts';
import type { Tally } from './tally.ts';
import { sumOf } from './tally.ts';

/** What came of playing many seeds. */
export interface Played {
  readonly tally: Tally;
  /** How many were played; the last is the one that failed, if one did. */
  readonly seeds: number;
  readonly failure: SimulationResult | undefined;
}

/** Plays seeds one after the other until one breaks a promise; `said`: knobs that are the same in all. */
export async function playSeeds(
  from: number,
  count: number,
  said: Partial<Scenario> = {},
): Promise<Played> {
  const tallies: Tally[] = [];
  for (let seed = from; seed < from + count; seed += 1) {
    const result = await simulate({ ...scenarioOf(seed), ...said });
    tallies.push(result.tally);
    if (result.violations.length > 0) {
      return { tally: sumOf(tallies), seeds: tallies.length, failure: result };
    }
  }
  return { tally: sumOf(tallies), seeds: tallies.length, failure: undefined };
}

/** A failure in words: what was broken, how to see it again, and the least that still breaks it. */
export async function describeFailure(failure: SimulationResult): Promise<string> {
  const smallest = await shrink(failure);
  return [
    `Seed ${failure.scenario.seed} broke a promise.`,
    ...sayViolations(failure),
    `Again: npm run simulate -- --seed ${failure.scenario.seed}`,
    `The smallest that was found to break it:`,
    ...sayViolations(smallest),
    `npm run simulate -- --scenario '${JSON.stringify(smallest.scenario)}'`,
  ].join('\n');
}

export function sayViolations({ violations, traceHash }: SimulationResult): string[] {
  const lines = violations.map(({ promise, what, atMs }) => `  ${atMs} ms: ${promise}: ${what}`);
  return [...lines, `  trace ${traceHash}`];
}

/** A scenario as it was printed; what it leaves out is as the seed says. */
export function parseScenario(text: string): Scenario {
  const said = JSON.parse(text) as Partial<Scenario>;
  return { ...scenarioOf(said.seed ?? 1), ...said };
}
