import { SECOND_MS } from '#kernel';
import { repairRows } from '../../../repair/repair-rows.ts';
import type { Invocation } from '../facts.ts';
import { Fleet } from '../fleet.ts';
import type { World } from '../world.ts';

/** The daily maintenance, which looks for what nobody would ever find. Answers how to call it. */
export function addMaintenance(world: World): () => Invocation {
  const timeoutMs = 540 * SECOND_MS;
  const fleet = new Fleet(world, { by: 'task', concurrency: 1, timeoutMs, budgetMs: timeoutMs });
  return () => fleet.invoke((worker) => repairRows(worker, { everything: true }));
}
