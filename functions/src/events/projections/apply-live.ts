import type { DocumentTransaction } from '#kernel';
import type { DomainEvent } from '../event.ts';
import type { Applying } from './apply-event.ts';
import { applyEvent } from './apply-event.ts';
import { decodeGenerations, statePath } from './generations.ts';

/** Applies an event to the live generation, and to one being made that follows the live events. */
export async function applyLive(
  tx: DocumentTransaction,
  applying: Omit<Applying, 'generation'>,
  event: DomainEvent,
): Promise<void> {
  const path = statePath(applying.projection.id, event.orgId);
  const { live, building } = decodeGenerations((await tx.get(path)).data);
  await applyEvent(tx, { ...applying, generation: live }, event);
  if (building?.phase !== 'following') return;
  await applyEvent(tx, { ...applying, generation: building.generation }, event);
}
