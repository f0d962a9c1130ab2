import { pushBack } from '../model/transitions.ts';
import type { OutboxStore } from '../store.ts';

/**
 * Whoever waited only for one who left the line is due now, or at a time of its own; one that is paused,
 * when the pause is over. If this fails, it is by itself within the hour.
 */
export async function wakeHead(store: OutboxStore, orderingKey: string): Promise<void> {
  const { rows, readAtMs } = await store.readLine(orderingKey, 1);
  const [head] = rows;
  if (head?.kind !== 'job' || head.job.status !== 'pending') return;
  if (head.job.heldBy === undefined || head.job.pausedBy !== undefined) return;
  const dueMs = Math.max(readAtMs, head.job.openedAt);
  await store.write(head.fence, pushBack(head.job, dueMs));
}
