/** How often the tick comes. */
export const TICK_EVERY_MS = 120_000;

/** The first tick that is scheduled after a time, where the first of all is at `startMs`. */
export function nextTickMs(startMs: number, afterMs: number): number {
  return startMs + (Math.floor((afterMs - startMs) / TICK_EVERY_MS) + 1) * TICK_EVERY_MS;
}
