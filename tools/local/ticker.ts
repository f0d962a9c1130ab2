export interface Ticker {
  /** Resolves when a running tick has ended; none starts after. */
  stop(): Promise<void>;
}

export interface TickerOptions {
  readonly tick: () => Promise<void>;
  readonly everyMs: number;
  readonly onError: (error: unknown) => void;
}

/** Ticks on a schedule, as Cloud Scheduler would, but never a second time while one is running. */
export function startTicker({ tick, everyMs, onError }: TickerOptions): Ticker {
  let running: Promise<void> = Promise.resolve();
  let isStopped = false;
  let timer = setTimeout(run, everyMs);

  function run(): void {
    const startedAtMs = performance.now();
    running = tick()
      .catch((error: unknown) => {
        if (!isStopped) onError(error);
      })
      .then(() => {
        const elapsedMs = performance.now() - startedAtMs;
        if (!isStopped) timer = setTimeout(run, Math.max(0, everyMs - elapsedMs));
      });
  }

  return {
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
