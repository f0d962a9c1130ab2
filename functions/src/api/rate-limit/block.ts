import { MINUTE_MS } from '#kernel';

/** Calls that an instance takes for a caller at a time: two operations for 25 calls. */
const CALLS_PER_BLOCK = 25;

/** What has been given out of a caller's calls in one minute, of the server's time. */
export interface Minute {
  readonly startedAtMs: number;
  readonly taken: number;
}

/** Calls that an instance may let through, or that there are no more in this minute. */
export type Block =
  | { readonly kind: 'calls'; readonly calls: number; readonly minute: Minute }
  | { readonly kind: 'none'; readonly waitMs: number };

/** The next block of a caller's calls; each minute of the server's time has `perMinute` of them. */
export function nextBlock(stored: Minute | undefined, nowMs: number, perMinute: number): Block {
  const startedAtMs = nowMs - (nowMs % MINUTE_MS);
  const isCurrent = stored !== undefined && stored.startedAtMs >= startedAtMs;
  const taken = isCurrent ? stored.taken : 0;
  const calls = Math.min(CALLS_PER_BLOCK, perMinute - taken);
  if (calls <= 0) return { kind: 'none', waitMs: startedAtMs + MINUTE_MS - nowMs };
  return { kind: 'calls', calls, minute: { startedAtMs, taken: taken + calls } };
}
