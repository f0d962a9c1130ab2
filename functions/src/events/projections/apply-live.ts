import type { DocumentTransaction } from '#kernel';
import type { DomainEvent } from '../event.ts';
import type { AppliedTo, Applying } from './apply-event.ts';
import { applyEvent } from './apply-event.ts';
import { decodeGenerations, firstGeneration, statePath } from './generations.ts';

/**
 * Applies an event to the live generation, and to one being made that follows the live events; how far all came.
 * The first event of all begins the first generation. `recordedAtMs`: by the server, where it is known; else it
 * costs a read, where there is no marker of the event.
 */
export async function applyLive(
  tx: DocumentTransaction,
  { catalog, projection }: Pick<Applying, 'catalog' | 'projection'>,
  event: DomainEvent,
  recordedAtMs?: number,
): Promise<AppliedTo> {
  const path = statePath(projection.id, event.orgId);
  const { data, readAtMs: nowMs } = await tx.get(path);
  const known = decodeGenerations(data);
  const { live, building } = known ?? firstGeneration(tx.token);
  if (known === undefined) tx.merge(path, { ...firstGeneration(tx.token) });
  const age = { recordedAtMs, nowMs };
  const generations = building?.phase === 'following' ? [live, building.generation] : [live];
  let reached: AppliedTo = 'applied';
  for (const generation of generations) {
    const one = await applyEvent(tx, { catalog, projection, generation, age }, event);
    if (one === 'behind') reached = one;
  }
  return reached;
}
