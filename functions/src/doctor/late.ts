/**
 * Whether a job that is due should have been taken: two ticks have come since, and the first may have been
 * busy. Times in milliseconds since the epoch; `nextTickMs`: when the tick after a time is scheduled.
 */
export function isLate(
  dueAtMs: number,
  nowMs: number,
  nextTickMs: (afterMs: number) => number,
): boolean {
  return nextTickMs(nextTickMs(dueAtMs)) <= nowMs;
}
