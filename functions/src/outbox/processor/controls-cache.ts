import type { Clock } from '#kernel';
import { SECOND_MS } from '#kernel';
import type { Pause } from '../model/controls.ts';
import type { Controls, OutboxStore } from '../store.ts';

/** How long a worker goes by what it read: a pause takes hold everywhere within this time. */
const KEEP_MS = 10 * SECOND_MS;

/** What operators set, as an instance knows it; read again when it is older than ten seconds. */
export class ControlsCache {
  readonly #store: OutboxStore;
  readonly #clock: Clock;
  #pauses: readonly Pause[] = [];
  #readElapsedMs: number | undefined;
  /** The read that is under way: many rows at once ask only once. */
  #reading: Promise<Controls> | undefined;

  constructor(store: OutboxStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Reads now, whatever is known. */
  async read(): Promise<Controls> {
    const controls = await this.#store.readControls();
    this.#pauses = controls.pauses;
    this.#readElapsedMs = this.#clock.elapsedMs();
    return controls;
  }

  /** The pauses, at most ten seconds old. */
  async pauses(): Promise<readonly Pause[]> {
    const isFresh =
      this.#readElapsedMs !== undefined && this.#clock.elapsedMs() - this.#readElapsedMs < KEEP_MS;
    if (isFresh) return this.#pauses;
    this.#reading ??= this.read().finally(() => {
      this.#reading = undefined;
    });
    return (await this.#reading).pauses;
  }
}
