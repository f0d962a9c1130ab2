import { MINUTE_MS } from '#kernel';
import { SINKS } from './job-types.ts';
import type { SeededRandom } from './random.ts';
import type { Scenario } from './scenario.ts';

/** An outage may begin with the chaos and end when it is over. */
const LONGEST_OUTAGE_MINUTES = 12;

/** The other systems: each may be down for a while, and whatever is sent to it fails then. */
export class Sinks {
  readonly #nowMs: () => number;
  readonly #outages: readonly { sink: string; fromMs: number; throughMs: number }[];

  constructor(scenario: Scenario, random: SeededRandom, clock: { startMs: number; nowMs: number }) {
    this.#nowMs = () => clock.nowMs;
    this.#outages = Array.from({ length: scenario.sinkOutages }, () => {
      const fromMs = clock.startMs + random.int(0, scenario.minutes * MINUTE_MS);
      const throughMs = fromMs + random.int(1, LONGEST_OUTAGE_MINUTES * MINUTE_MS);
      return { sink: SINKS[random.int(0, SINKS.length - 1)] ?? '', fromMs, throughMs };
    });
  }

  isDown(name: string): boolean {
    const nowMs = this.#nowMs();
    return this.#outages.some(
      ({ sink, fromMs, throughMs }) => sink === name && fromMs <= nowMs && nowMs <= throughMs,
    );
  }
}
