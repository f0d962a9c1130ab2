/** One second in milliseconds. */
export const SECOND_MS = 1_000;
/** One minute in milliseconds. */
export const MINUTE_MS = 60 * SECOND_MS;
/** One hour in milliseconds. */
export const HOUR_MS = 60 * MINUTE_MS;
/** One day in milliseconds. */
export const DAY_MS = 24 * HOUR_MS;

/** What the process knows of time. Injected, so that tests decide what time it is. */
export interface Clock {
  /** Milliseconds on a clock that never jumps; only differences mean anything. */
  elapsedMs(): number;
  /** Resolves after `delayMs`, or at once when `signal` aborts; never rejects. */
  wait(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/**
 * The server's time, carried forward from one read by the monotonic clock.
 *
 * Instances' wall clocks are wrong by minutes often enough that a lease taken by one would be stolen
 * by the next; so no due time and no lease end is ever computed from a wall clock.
 * It lags the true server time by the answer's way back, never runs ahead of it.
 */
export class ServerTime {
  readonly #readAtMs: number;
  readonly #elapsedAtReadMs: number;
  readonly #clock: Clock;

  /** `readAtMs`: the `readTime` a Firestore answer came with, in milliseconds since the epoch. */
  constructor(clock: Clock, readAtMs: number) {
    this.#clock = clock;
    this.#readAtMs = readAtMs;
    this.#elapsedAtReadMs = clock.elapsedMs();
  }

  /** Milliseconds since the epoch, whole. */
  nowMs(): number {
    return this.#readAtMs + Math.floor(this.#clock.elapsedMs() - this.#elapsedAtReadMs);
  }
}
