import { pushBack } from '../model/transitions.ts';
import type { OutboxStore } from '../store.ts';

/** Whoever waited only for one who left the line is due now. If this fails, it is by itself within the hour. */
export async function wakeHead(store: OutboxStore, orderingKey: string): Promise<void> {
  const { rows, readAtMs } = await store.readLine(orderingKey, 1);
  const [head] = rows;
  if (head?.kind !== 'job' || head.job.status !== 'pending' || head.job.heldBy === undefined)
    return;
  await store.write(head.fence, { ...pushBack(head.job, readAtMs), heldBy: undefined });
}
