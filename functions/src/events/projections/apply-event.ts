import { z } from 'zod';
import type { DocumentData, DocumentTransaction } from '#kernel';
import { CodedError } from '#kernel';
import { handleOnce } from '#outbox';
import { matches } from '../bus/pattern.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { withDates } from '../emit/stored-value.ts';
import type { DomainEvent } from '../event.ts';
import { DOMAIN_EVENTS } from '../event.ts';
import { streamEventId, streamHash } from '../streams/stream.ts';
import type { Projection } from './projection.ts';
import { documentPath, generationName, keyOfEvent } from './projection.ts';
import { ProjectionGapError } from './projection-gap-error.ts';

/** So many events of one stream are caught up with in one commit. */
const MAX_CAUGHT_UP = 100;

/** What events are applied with. */
export interface Applying {
  readonly catalog: Pick<Catalog, 'decode'>;
  readonly projection: Projection;
  readonly generation: number;
}

/** What a document of a read model says. */
export interface ReadModelDocument {
  readonly state: unknown;
  /** Where it follows a stream: the last version of it that was applied. */
  readonly version: number;
}

const readModelDocument = z.object({
  state: z.unknown().transform(withDates),
  version: z.int().default(0),
});

/** A read model's document, times as `Date`s; without a state where there is none. */
export function decodeReadModel(data: DocumentData | undefined): ReadModelDocument {
  return data === undefined ? { state: undefined, version: 0 } : readModelDocument.parse(data);
}

/**
 * Applies an event to a generation, once: a second time, by whatever way it comes, does nothing. All of
 * it is in `tx`. Throws `ProjectionGapError`.
 */
export async function applyEvent(
  tx: DocumentTransaction,
  applying: Applying,
  event: DomainEvent,
): Promise<void> {
  const { projection, generation } = applying;
  const key = matches(projection.pattern, event.eventType)
    ? keyOfEvent(projection, event)
    : undefined;
  if (key === undefined) return;
  const { orgId } = event;
  const path = documentPath(projection, { orgId, generation, key });
  const target = { orgId, generation, key, path };
  if ('entityType' in projection) return applyInOrder(tx, applying, target, event);
  const subscription = `${projection.id}~${generation}`;
  await handleOnce(tx, { subscription, eventId: event.eventId }, async () => {
    const { state } = decodeReadModel((await tx.get(target.path)).data);
    write(tx, target, { state: projection.apply(state, event) });
  });
}

/** One document of a read model. */
interface Target {
  readonly orgId: string;
  readonly generation: number;
  readonly key: string;
  readonly path: string;
}

/** By the document's version: what it has is passed over, and what it lacks before is applied first. */
async function applyInOrder(
  tx: DocumentTransaction,
  applying: Applying,
  target: Target,
  event: DomainEvent,
): Promise<void> {
  const { projection } = applying;
  const { streamVersion } = event;
  if (streamVersion === undefined) {
    const message = `${projection.id} follows streams, and this event is in none.`;
    throw new CodedError('failed-precondition', message);
  }
  const { state, version } = decodeReadModel((await tx.get(target.path)).data);
  if (streamVersion <= version) return;
  const missed = await readBetween(tx, applying, event, { from: version, to: streamVersion });
  const next = [...missed, event].reduce((before, one) => projection.apply(before, one), state);
  write(tx, target, { state: next, version: streamVersion });
}

/** The events between two versions that the read model is made of, at the newest version of their types. */
async function readBetween(
  tx: DocumentTransaction,
  { catalog, projection }: Applying,
  event: DomainEvent,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<DomainEvent[]> {
  const count = to - from - 1;
  if (count > MAX_CAUGHT_UP) throw new ProjectionGapError(projection.id, { from, to });
  const hash = streamHash(event);
  const reads = Array.from({ length: count }, (_, index) =>
    tx.get(`${DOMAIN_EVENTS}/${streamEventId(hash, from + 1 + index)}`),
  );
  const missed: DomainEvent[] = [];
  for (const { data } of await Promise.all(reads)) {
    const eventType: unknown = data?.['eventType'];
    if (typeof eventType !== 'string') throw new ProjectionGapError(projection.id, { from, to });
    const between = matches(projection.pattern, eventType) ? catalog.decode(data) : undefined;
    if (between !== undefined) missed.push(between);
  }
  return missed;
}

function write(
  tx: DocumentTransaction,
  { orgId, generation, key, path }: Target,
  said: { readonly state: unknown; readonly version?: number },
): void {
  tx.merge(path, { orgId, key, generation: generationName(orgId, generation), ...said });
}
