import type { DocumentTransaction } from '#kernel';
import type { DomainEvent } from '../event.ts';
import type { AppliedTo, Applying } from './apply-event.ts';
import { applyEvent } from './apply-event.ts';
import type { BeingBuilt } from './generations.ts';
import {
  decodeGenerations,
  firstGeneration,
  statePath,
  withReplayAgain,
  withStop,
} from './generations.ts';
import { ProjectionFailedError } from './projection-failed-error.ts';
import { ProjectionGapError } from './projection-gap-error.ts';

type OfReadModel = Pick<Applying, 'catalog' | 'projection'>;

/**
 * Applies an event to the live generation, and to one being made that follows the live events; how far all came.
 * What only the one being made cannot take stops that one, and is kept with it. The first event of all begins
 * the first generation. `recordedAtMs`: by the server, where it is known; else it costs a read, where there is
 * no marker of the event.
 */
export async function applyLive(
  tx: DocumentTransaction,
  of: OfReadModel,
  event: DomainEvent,
  recordedAtMs?: number,
): Promise<AppliedTo> {
  const path = statePath(of.projection.id, event.orgId);
  const { data, readAtMs: nowMs } = await tx.get(path);
  const known = decodeGenerations(data);
  const { live: generation, building } = known ?? firstGeneration(tx.token);
  if (known === undefined) tx.merge(path, { ...firstGeneration(tx.token) });
  const age = { recordedAtMs, nowMs };
  const reached = await applyEvent(tx, { ...of, generation, age }, event);
  if (known === undefined || building?.phase !== 'following') return reached;
  const followed = await follow(tx, { ...of, age, before: { ...known, building } }, event);
  return followed === 'behind' ? followed : reached;
}

/** Applies an event to the generation being made; one that cannot take it leaves the live one alone. */
async function follow(
  tx: DocumentTransaction,
  { before, age, ...of }: OfReadModel & Required<Pick<Applying, 'age'>> & { before: BeingBuilt },
  event: DomainEvent,
): Promise<AppliedTo> {
  const { generation } = before.building;
  try {
    return await applyEvent(tx, { ...of, generation, age }, event);
  } catch (error) {
    if (!(error instanceof ProjectionFailedError || error instanceof ProjectionGapError)) {
      throw error;
    }
    const stopped = withStop(withReplayAgain(before), error, age.nowMs);
    tx.merge(statePath(of.projection.id, event.orgId), { ...stopped });
    return 'applied';
  }
}
