import type { Clock } from '../time.ts';

interface Wait {
  readonly untilMs: number;
  readonly end: () => void;
}

/** A clock that stands still until a test advances it. */
export class ManualClock implements Clock {
  #nowMs = 0;
  #waits: readonly Wait[] = [];

  elapsedMs(): number {
    return this.#nowMs;
  }

  wait(delayMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const wait = { untilMs: this.#nowMs + delayMs, end: resolve };
      this.#waits = [...this.#waits, wait];
      signal?.addEventListener('abort', () => this.#end([wait]), { once: true });
    });
  }

  /** Lets `ms` pass and ends every wait that is over by then. */
  advance(ms: number): void {
    this.#nowMs += ms;
    this.#end(this.#waits.filter(({ untilMs }) => untilMs <= this.#nowMs));
  }

  /** How many waits have not ended. */
  get waiting(): number {
    return this.#waits.length;
  }

  #end(ended: readonly Wait[]): void {
    this.#waits = this.#waits.filter((wait) => !ended.includes(wait));
    for (const { end } of ended) end();
  }
}
