import type {
  DocumentReader,
  DocumentTransaction,
  DocumentWrite,
  Ids,
  RunTransaction,
} from '#kernel';
import { CodedError, ENTITY_ID_RULE, isEntityId } from '#kernel';
import type { Catalog } from '../catalog/catalog.ts';
import type { ReadLogPage } from '../log/event-log-reader.ts';
import { matches } from '../bus/pattern.ts';
import type { DomainEvent } from '../event.ts';
import type { Applying } from './apply-event.ts';
import { applyEvent } from './apply-event.ts';
import type { Building, Generations } from './generations.ts';
import {
  decodeGenerations,
  planReplay,
  statePath,
  withBuilding,
  withoutBuilding,
} from './generations.ts';
import type { Projection } from './projection.ts';
import { generationName, keyOfEvent } from './projection.ts';

/** What a rebuild works with. */
export interface RebuildDeps {
  readonly catalog: Pick<Catalog, 'decode' | 'atNewest'>;
  readonly readPage: ReadLogPage;
  readonly reader: DocumentReader;
  readonly runTransaction: RunTransaction;
  /** Commits writes, all or none. */
  readonly commit: (writes: readonly DocumentWrite[]) => Promise<void>;
  readonly ids: Ids;
  /** Events of a page of the replay, and documents of a page of the deletion. */
  readonly pageSize: number;
}

/**
 * What one step of a rebuild did. `overtaken`: nothing, since others were at the same documents or took the
 * same step: the next one sees. `idle`: there is nothing to do.
 */
export type RebuildStep = 'replayed' | 'switched' | 'deleted' | 'overtaken' | 'idle';

/** Has a new generation made; one that is being made already goes on. Answers its number. */
export async function startRebuild(
  deps: Pick<RebuildDeps, 'runTransaction' | 'ids'>,
  { id }: Projection,
  orgId: string,
): Promise<number> {
  if (!isEntityId(orgId)) {
    const problems = [{ path: 'orgId', message: `expected ${ENTITY_ID_RULE}` }];
    throw new CodedError('invalid-input', 'The projection cannot be rebuilt', problems);
  }
  const { newest } = await change(deps, statePath(id, orgId), (generations) =>
    generations.building === null ? withBuilding(generations) : generations,
  );
  return newest;
}

/** Gives the generation that is being made up; the live one stays. */
export async function abandonRebuild(
  deps: Pick<RebuildDeps, 'runTransaction' | 'ids'>,
  { id }: Projection,
  orgId: string,
): Promise<void> {
  await change(deps, statePath(id, orgId), withoutBuilding);
}

function change(
  { runTransaction, ids }: Pick<RebuildDeps, 'runTransaction' | 'ids'>,
  path: string,
  next: (generations: Generations) => Generations,
): Promise<Generations> {
  return runTransaction(ids.documentId(), async (tx) => {
    const generations = next(decodeGenerations((await tx.get(path)).data));
    tx.merge(path, { ...generations });
    return generations;
  });
}

/**
 * One page of a rebuild: of the replay, or, when its generation is live, of the deletion of those that no
 * longer are. What a page comes to and the cursor are one commit, so that whoever goes on after a crash
 * takes no event twice and leaves none out; several at once do no harm.
 */
export async function rebuildStep(
  deps: RebuildDeps,
  projection: Projection,
  orgId: string,
): Promise<RebuildStep> {
  const { data } = await deps.reader.get(statePath(projection.id, orgId));
  const generations = decodeGenerations(data);
  const { building, retired } = generations;
  if (building !== null) {
    const before = { ...generations, building };
    return replayPage(deps, projection, orgId, before).catch(asOvertaken);
  }
  const [oldest] = retired;
  return oldest === undefined ? 'idle' : deletePage(deps, projection, orgId, oldest);
}

function asOvertaken(error: unknown): RebuildStep {
  if (error instanceof CodedError && error.code === 'contention') return 'overtaken';
  throw error;
}

async function replayPage(
  deps: RebuildDeps,
  projection: Projection,
  orgId: string,
  before: Generations & { readonly building: Building },
): Promise<RebuildStep> {
  const path = statePath(projection.id, orgId);
  const { building } = before;
  const read = await deps.readPage(orgId, {
    after: building.after ?? undefined,
    limit: deps.pageSize,
  });
  const { page, generations } = planReplay(before, building, read);
  const events = readable(
    deps.catalog,
    projection,
    page.events.map(({ event }) => event),
  );
  const isDone = await deps.runTransaction(deps.ids.documentId(), async (tx) => {
    const now = decodeGenerations((await tx.get(path)).data);
    if (JSON.stringify(now) !== JSON.stringify(before)) return false;
    const { generation, phase } = building;
    // What is not settled may still come in behind the cursor, and is a live job's then.
    const isSettled = phase === 'replaying';
    await applyAll(tx, { catalog: deps.catalog, projection, generation, isSettled }, events);
    tx.merge(path, { ...generations });
    return true;
  });
  if (!isDone) return 'overtaken';
  return generations.building === null ? 'switched' : 'replayed';
}

/** What the read model is made of, at the newest version of its types. Throws `EventUnreadableError`. */
function readable(
  catalog: Pick<Catalog, 'atNewest'>,
  { pattern }: Projection,
  events: readonly DomainEvent[],
): DomainEvent[] {
  return events
    .filter(({ eventType }) => matches(pattern, eventType))
    .map((event) => catalog.atNewest(event));
}

/** Events of one document in their order, documents side by side: each has reads of its own to wait for. */
async function applyAll(
  tx: DocumentTransaction,
  applying: Applying,
  events: readonly DomainEvent[],
): Promise<void> {
  const byKey = Map.groupBy(events, (event) => keyOfEvent(applying.projection, event));
  await Promise.all(
    [...byKey.values()].map(async (ofOne) => {
      for (const event of ofOne) {
        while ((await applyEvent(tx, applying, event)) === 'behind');
      }
    }),
  );
}

/** Deletes documents of a generation that nobody writes any more, until there are none. */
async function deletePage(
  deps: RebuildDeps,
  { id, collection }: Projection,
  orgId: string,
  generation: number,
): Promise<RebuildStep> {
  const which = ['generation', generationName(orgId, generation)] as const;
  const documents = await deps.reader.list(collection, which, deps.pageSize);
  if (documents.length > 0) {
    await deps.commit(documents.map(({ path }) => ({ kind: 'delete', path })));
    return 'deleted';
  }
  await change(deps, statePath(id, orgId), (generations) => ({
    ...generations,
    retired: generations.retired.filter((one) => one !== generation),
  }));
  return 'deleted';
}

/**
 * Makes a new generation beside the live one, lets it take its place, and deletes what is old. What an
 * earlier call left undone is done first.
 */
export async function rebuildProjection(
  deps: RebuildDeps,
  projection: Projection,
  orgId: string,
): Promise<void> {
  await startRebuild(deps, projection, orgId);
  while ((await rebuildStep(deps, projection, orgId)) !== 'idle');
}
