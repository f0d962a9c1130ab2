import type { Move } from '../model/move.ts';
import { pushBack } from '../model/transitions.ts';
import type { OutboxStore } from '../store.ts';

/**
 * Whoever waited only for one who left the line is due now, or at a time of its own; one that is paused,
 * when the pause is over. If this fails, it is by itself within the hour.
 */
export async function wakeHead(store: OutboxStore, orderingKey: string): Promise<void> {
  const move = await planWake(store, orderingKey);
  if (move !== undefined) await store.write(move.fence, move.next);
}

/** Decides the same before `leaving` has left, for whoever writes both. */
export async function planWake(
  store: Pick<OutboxStore, 'readLine'>,
  orderingKey: string,
  leaving?: string,
): Promise<Move | undefined> {
  const { rows, readAtMs } = await store.readLine(orderingKey, leaving === undefined ? 1 : 2);
  const head = rows.find((row) => row.kind !== 'job' || row.job.id !== leaving);
  if (head?.kind !== 'job' || head.job.status !== 'pending') return undefined;
  if (head.job.heldBy === undefined || head.job.pausedBy !== undefined) return undefined;
  const dueMs = Math.max(readAtMs, head.job.openedAt);
  return { fence: head.fence, next: pushBack(head.job, dueMs) };
}
