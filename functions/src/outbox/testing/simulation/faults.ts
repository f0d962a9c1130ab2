import { MINUTE_MS, SECOND_MS } from '#kernel';
import type { SeededRandom } from './random.ts';
import type { Scenario } from './scenario.ts';
import { settingsOf } from './scenario.ts';

/** What happens to a process where it stops. */
export type Fate =
  | { readonly kind: 'go' | 'kill' | 'error' }
  | { readonly kind: 'freeze'; readonly forMs: number; readonly stopsClock: boolean };

/** How often faults struck. */
export interface FaultCounts {
  kills: number;
  freezes: number;
  /** Freezes that outlast a lease. */
  zombies: number;
  errors: number;
  repeats: number;
}

/** Chance's ill will, as much of it as the scenario says, until it is over. */
export class Faults {
  readonly counts: FaultCounts = { kills: 0, freezes: 0, zombies: 0, errors: 0, repeats: 0 };
  isOver = false;
  readonly #scenario: Scenario;
  readonly #random: SeededRandom;

  constructor(scenario: Scenario, random: SeededRandom) {
    this.#scenario = scenario;
    this.#random = random;
  }

  next(canFail: boolean): Fate {
    if (this.isOver) return { kind: 'go' };
    const { killShare, freezeShare, errorShare } = this.#scenario;
    if (this.#random.chance(killShare)) {
      this.counts.kills += 1;
      return { kind: 'kill' };
    }
    if (this.#random.chance(freezeShare)) return this.#freeze();
    if (canFail && this.#random.chance(errorShare)) {
      this.counts.errors += 1;
      return { kind: 'error' };
    }
    return { kind: 'go' };
  }

  /** Whether the platform tells an instance that it is about to end. */
  isToldToEnd(): boolean {
    return !this.isOver && this.#random.chance(this.#scenario.stopShare);
  }

  /** Whether the database's client sends a write twice because its first answer was lost. */
  isSentTwice(): boolean {
    const isTwice = !this.isOver && this.#random.chance(this.#scenario.repeatShare);
    if (isTwice) this.counts.repeats += 1;
    return isTwice;
  }

  /** Whether somebody else changes what a transaction reads, each time before it commits. */
  isCrowded(): boolean {
    return !this.isOver && this.#random.chance(this.#scenario.crowdShare);
  }

  /** How long it waits before it does; mostly not at all. */
  lagMs(mostMs: number): number {
    return this.#random.chance(this.#scenario.lagShare) ? this.#random.int(1, mostMs) : 0;
  }

  #freeze(): Fate {
    const { stopsClockShare } = this.#scenario;
    const { leaseMs } = settingsOf(this.#scenario);
    const isLong = this.#random.chance(0.6);
    const forMs = isLong
      ? this.#random.int(leaseMs, 8 * MINUTE_MS)
      : this.#random.int(SECOND_MS, leaseMs);
    this.counts.freezes += 1;
    if (forMs > leaseMs) this.counts.zombies += 1;
    return { kind: 'freeze', forMs, stopsClock: this.#random.chance(stopsClockShare) };
  }
}
