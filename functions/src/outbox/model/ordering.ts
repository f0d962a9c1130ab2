import { HOUR_MS, MINUTE_MS } from '#kernel';
import type { OutboxJob } from './job.ts';

/** How long a row waits at least, a tick, and at most before it looks again whether its turn has come. */
export const MIN_HOLD_MS = 2 * MINUTE_MS;
const MAX_HOLD_MS = HOUR_MS;

/**
 * Whether the head of a line may be run: it is due, or it was waiting only for those in front of it, who
 * are gone now. Not before its own time (`notBefore`), which is where its age begins.
 */
export function isClaimable(head: OutboxJob, nowMs: number): boolean {
  if (head.nextAttemptAt === undefined) return false;
  const isDue = head.nextAttemptAt <= nowMs;
  const onlyWaits = head.heldBy !== undefined && head.openedAt <= nowMs;
  if (head.status === 'pending') return isDue || onlyWaits;
  return head.status === 'processing' && isDue;
}

/**
 * When a row behind `head` looks again: when the head is due, within bounds; a dead or paused head has no
 * due time. Only the bound of a waiting time: whoever ends the head asks for the next at once.
 */
export function heldUntilMs(head: Pick<OutboxJob, 'nextAttemptAt'>, nowMs: number): number {
  const wanted = head.nextAttemptAt ?? nowMs + MAX_HOLD_MS;
  return Math.min(Math.max(wanted, nowMs + MIN_HOLD_MS), nowMs + MAX_HOLD_MS);
}
