import { z } from 'zod';
import type { DocumentData, DocumentTransaction, Problem } from '#kernel';
import { handleOnce } from '#outbox';
import { matches } from '../bus/pattern.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { encodedBytes } from '../emit/encoded-size.ts';
import { decodeEvent } from '../emit/event-document.ts';
import { withDates } from '../emit/stored-value.ts';
import type { DomainEvent } from '../event.ts';
import { DOMAIN_EVENTS } from '../event.ts';
import { streamEventId, streamHash } from '../streams/stream.ts';
import type { Age } from './age.ts';
import { refuseForgotten } from './age.ts';
import type { Projection } from './projection.ts';
import { documentPath, generationName, keyOfEvent, stateAfter } from './projection.ts';
import { ProjectionFailedError } from './projection-failed-error.ts';
import { ProjectionGapError } from './projection-gap-error.ts';
import { readableEvent } from './readable-event.ts';
import { MAX_DOCUMENT_BYTES, storedBytes } from './stored-bytes.ts';

/** So many events of one stream are caught up with in one commit. */
const MAX_CAUGHT_UP = 100;

/** What events are applied with. */
export interface Applying {
  readonly catalog: Pick<Catalog, 'atNewest'>;
  readonly projection: Projection;
  readonly generation: string;
  /** Whether every earlier event of the stream was seen before this one: a settled log is gone through in its order. */
  readonly isSettled?: boolean;
  /** Of an event that comes by itself. A replay needs none: it comes to each event once, however old it is. */
  readonly age?: Age;
  /** Where the size of each document that is written is noted, by its path. */
  readonly sizes?: Map<string, number>;
}

/**
 * How far an event was come to. `behind`: its document has caught up with as many versions as one commit
 * takes, and not with all before the event, which was not applied.
 */
export type AppliedTo = 'applied' | 'behind';

/** What a document of a read model says. */
export interface ReadModelDocument {
  readonly state?: unknown;
  /** Where it follows a stream: the last version of it that was applied. */
  readonly version: number;
}

const readModelDocument = z.object({
  /** Not there while nothing but what the pattern leaves out was gone through. */
  state: z.unknown().transform(withDates).optional(),
  version: z.int().default(0),
});

/** A read model's document, times as `Date`s; without a state where there is none. */
export function decodeReadModel(data: DocumentData | undefined): ReadModelDocument {
  return data === undefined ? { state: undefined, version: 0 } : readModelDocument.parse(data);
}

/**
 * Applies an event to a generation, once: a second time, by whatever way it comes, does nothing. All of
 * it is in `tx`. Throws `ProjectionGapError` where events before it are not in the log,
 * `ProjectionFailedError` for an event that the projection cannot take, and `PermanentError` for one so old
 * that nobody knows whether it was applied; then it has written nothing.
 */
export async function applyEvent(
  tx: DocumentTransaction,
  applying: Applying,
  event: DomainEvent,
): Promise<AppliedTo> {
  const { projection, generation } = applying;
  const key = matches(projection.pattern, event.eventType)
    ? keyOfEvent(projection, event)
    : undefined;
  if (key === undefined) return 'applied';
  const { orgId } = event;
  const path = documentPath(projection, { orgId, generation, key });
  const refusal = (problem: Problem) => new ProjectionFailedError(projection.id, event, [problem]);
  const target = { orgId, generation, key, path, sizes: applying.sizes, refusal };
  if ('entityType' in projection) return applyInOrder(tx, applying, target, event);
  const subscription = `${projection.id}~${generation}`;
  await handleOnce(tx, { subscription, eventId: event.eventId }, async () => {
    if (applying.age !== undefined) await refuseForgotten(tx, projection, event, applying.age);
    const { state } = decodeReadModel((await tx.get(target.path)).data);
    write(tx, target, { state: stateAfter(projection, state, event) });
  });
  return 'applied';
}

/** One document of a read model. */
interface Target {
  readonly orgId: string;
  readonly generation: string;
  readonly key: string;
  readonly path: string;
  readonly sizes: Applying['sizes'];
  /** The error that names the event that came. */
  readonly refusal: (problem: Problem) => ProjectionFailedError;
}

/** By the document's version: what it has is passed over, and what it lacks before is applied first. */
async function applyInOrder(
  tx: DocumentTransaction,
  applying: Applying,
  target: Target,
  event: DomainEvent,
): Promise<AppliedTo> {
  const { projection } = applying;
  const { streamVersion } = event;
  if (streamVersion === undefined) {
    const message = 'it follows streams, and the event is in none';
    throw target.refusal({ path: 'streamVersion', message });
  }
  const { state, version } = decodeReadModel((await tx.get(target.path)).data);
  if (streamVersion <= version) return 'applied';
  const isNear = streamVersion - version - 1 <= MAX_CAUGHT_UP;
  const to = isNear ? streamVersion : version + 1 + MAX_CAUGHT_UP;
  const isReached = isNear || applying.isSettled === true;
  const missed =
    applying.isSettled === true
      ? await noneMissed(tx, applying, event, version)
      : await readBetween(tx, applying, event, { from: version, to });
  const events = isReached ? [...missed, event] : missed;
  const next = events.reduce((before, one) => stateAfter(projection, before, one), state);
  const said = next === undefined ? {} : { state: next };
  write(tx, target, { ...said, version: isReached ? streamVersion : to - 1 });
  return isReached ? 'applied' : 'behind';
}

/**
 * In a replay what lies between is none of the pattern's, or it would have been applied; unless the stream's
 * beginning is not in the log any more: then the version after the document's is not there either.
 */
async function noneMissed(
  tx: DocumentTransaction,
  applying: Applying,
  event: DomainEvent,
  version: number,
): Promise<DomainEvent[]> {
  const { streamVersion = 0 } = event;
  await readBetween(tx, applying, event, {
    from: version,
    to: Math.min(version + 2, streamVersion),
  });
  return [];
}

/** The events between two versions that the read model is made of, at the newest version of their types. */
async function readBetween(
  tx: DocumentTransaction,
  { catalog, projection }: Applying,
  event: DomainEvent,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<DomainEvent[]> {
  const count = to - from - 1;
  const hash = streamHash(event);
  const reads = Array.from({ length: count }, (_, index) =>
    tx.get(`${DOMAIN_EVENTS}/${streamEventId(hash, from + 1 + index)}`),
  );
  const missed: DomainEvent[] = [];
  for (const { data } of await Promise.all(reads)) {
    const eventType: unknown = data?.['eventType'];
    if (typeof eventType === 'string' && !matches(projection.pattern, eventType)) continue;
    const between = decodeEvent(data);
    if (between === undefined) throw new ProjectionGapError(projection.id, { from, to });
    missed.push(readableEvent(catalog, projection, between));
  }
  return missed;
}

function write(
  tx: DocumentTransaction,
  { orgId, generation, key, path, sizes, refusal }: Target,
  said: { readonly state?: unknown; readonly version?: number },
): void {
  const data = { orgId, key, generation: generationName(orgId, generation), ...said };
  const bytes = storedBytes(path, data);
  if (bytes > MAX_DOCUMENT_BYTES) {
    const message = `its document would have ${bytes} bytes, at most ${MAX_DOCUMENT_BYTES}`;
    throw refusal({ path: 'state', message });
  }
  sizes?.set(path, encodedBytes(data));
  tx.merge(path, data);
}
