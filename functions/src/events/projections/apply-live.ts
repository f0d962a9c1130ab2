import type { DocumentTransaction } from '#kernel';
import type { DomainEvent } from '../event.ts';
import type { AppliedTo, Applying } from './apply-event.ts';
import { applyEvent } from './apply-event.ts';
import { decodeGenerations, statePath } from './generations.ts';

/** Applies an event to the live generation, and to one being made that follows the live events; how far all came. */
export async function applyLive(
  tx: DocumentTransaction,
  applying: Omit<Applying, 'generation'>,
  event: DomainEvent,
): Promise<AppliedTo> {
  const path = statePath(applying.projection.id, event.orgId);
  const { live, building } = decodeGenerations((await tx.get(path)).data);
  const generations = building?.phase === 'following' ? [live, building.generation] : [live];
  let reached: AppliedTo = 'applied';
  for (const generation of generations) {
    const one = await applyEvent(tx, { ...applying, generation }, event);
    if (one === 'behind') reached = one;
  }
  return reached;
}
