import type {
  DocumentReader,
  DocumentTransaction,
  DocumentWrite,
  Ids,
  RunTransaction,
} from '#kernel';
import { CodedError } from '#kernel';
import { ARCHIVES, missingInRebuild } from '../archive/archive-source.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { ReadLogPage } from '../log/event-log-reader.ts';
import { matches } from '../bus/pattern.ts';
import type { DomainEvent } from '../event.ts';
import type { Applying } from './apply-event.ts';
import { applyEvent } from './apply-event.ts';
import type { BeingBuilt, Generations } from './generations.ts';
import {
  decodeGenerations,
  firstGeneration,
  planReplay,
  statePath,
  withBuilding,
  withoutBuilding,
  withStop,
} from './generations.ts';
import type { Projection } from './projection.ts';
import { generationName, keyOfEvent } from './projection.ts';
import type { Billed } from './noted-transaction.ts';
import { noteBilled } from './noted-transaction.ts';
import { readableEvent } from './readable-event.ts';

/** What a rebuild works with. */
export interface RebuildDeps {
  readonly catalog: Pick<Catalog, 'atNewest'>;
  readonly readPage: ReadLogPage;
  readonly reader: DocumentReader;
  readonly runTransaction: RunTransaction;
  /** Commits writes, all or none. */
  readonly commit: (writes: readonly DocumentWrite[]) => Promise<void>;
  readonly ids: Ids;
  /** Events of a page of the replay, and documents of a page of the deletion. */
  readonly pageSize: number;
}

/** What one step of a rebuild did. */
export type RebuildStep =
  /** So many events were applied, or old documents deleted (`rows`), and that is what it costs. */
  | (Billed & { readonly kind: 'replayed' | 'switched' | 'deleted'; readonly rows: number })
  /** Nothing: others were at the same documents or took the same step. The next one sees. */
  | { readonly kind: 'overtaken' }
  /** There is nothing to do. */
  | { readonly kind: 'idle' };

/** What one commit may hold, of Firestore's 10 MiB: its markers and the events' own names are not counted. */
const MAX_COMMIT_BYTES = 5 * 1024 * 1024;
/** Each step: where the rebuild is, and what is in the archive. */
const READS_OF_A_STEP = 2;
const OVERTAKEN: RebuildStep = { kind: 'overtaken' };
const IDLE: RebuildStep = { kind: 'idle' };
/** So often in a row others may be quicker, until that is the caller's to wait for. */
const MAX_OVERTAKEN = 5;

/** Has a new generation made; one that is being made already goes on. Answers its name. */
export async function startRebuild(
  deps: Pick<RebuildDeps, 'runTransaction' | 'ids'>,
  { id }: Projection,
  orgId: string,
): Promise<string> {
  const { building } = await change(deps, statePath(id, orgId), withBuilding);
  return building.generation;
}

/** Gives the generation that is being made up; the live one stays. */
export async function abandonRebuild(
  deps: Pick<RebuildDeps, 'runTransaction' | 'ids'>,
  { id }: Projection,
  orgId: string,
): Promise<void> {
  await change(deps, statePath(id, orgId), withoutBuilding);
}

function change<Next extends Generations>(
  { runTransaction, ids }: Pick<RebuildDeps, 'runTransaction' | 'ids'>,
  path: string,
  next: (generations: Generations, token: string) => Next,
): Promise<Next> {
  return runTransaction(ids.documentId(), async (tx) => {
    const known = decodeGenerations((await tx.get(path)).data);
    const generations = next(known ?? firstGeneration(tx.token), tx.token);
    tx.merge(path, { ...generations });
    return generations;
  });
}

/**
 * One page of a rebuild: of the replay, or, when its generation is live, of the deletion of those that no
 * longer are. What a page comes to and the cursor are one commit, so that whoever goes on after a crash
 * takes no event twice and leaves none out; several at once do no harm. A `CodedError` that it ends with is kept
 * with the generation that is being made (`building.stoppedBy`): code that can take the event goes on from there.
 * `mostRows`: of a page, where that is to be less than usual.
 */
export async function rebuildStep(
  deps: RebuildDeps,
  projection: Projection,
  orgId: string,
  mostRows = Infinity,
): Promise<RebuildStep> {
  const asked = { orgId, limit: Math.min(deps.pageSize, mostRows) };
  const { data } = await deps.reader.get(statePath(projection.id, orgId));
  const generations = decodeGenerations(data);
  if (generations === undefined) return IDLE;
  const { building, retired } = generations;
  if (building !== null) {
    const before = { ...generations, building };
    return replayPage(deps, projection, asked, before).catch((error: unknown) =>
      stopped(deps, statePath(projection.id, orgId), before, error),
    );
  }
  const [oldest] = retired;
  if (oldest === undefined) return IDLE;
  return deletePage(deps, projection, asked, oldest).catch(overtakenBy);
}

/** That others were quicker is no error. */
function overtakenBy(error: unknown): RebuildStep {
  if (error instanceof CodedError && error.code === 'contention') return OVERTAKEN;
  throw error;
}

/** Any other error that was foreseen is kept for whoever asks, and thrown. */
async function stopped(
  { runTransaction, ids }: RebuildDeps,
  path: string,
  before: BeingBuilt,
  error: unknown,
): Promise<RebuildStep> {
  if (!(error instanceof CodedError) || error.code === 'contention') return overtakenBy(error);
  const keep = runTransaction(ids.documentId(), async (tx) => {
    const { data, readAtMs } = await tx.get(path);
    if (!isSame(decodeGenerations(data), before)) return;
    tx.merge(path, { ...withStop(before, error, readAtMs) });
  });
  // Whoever cannot keep it still throws it.
  await keep.catch(() => undefined);
  throw error;
}

function isSame(now: Generations | undefined, before: Generations): boolean {
  return JSON.stringify(now) === JSON.stringify(before);
}

/** Thrown in a page's transaction, of which nothing is written then. */
class PageTooLargeError extends Error {}

/** A page of a tenant's events, or documents. */
interface PageAsked {
  readonly orgId: string;
  readonly limit: number;
}

async function replayPage(
  deps: RebuildDeps,
  projection: Projection,
  { orgId, limit }: PageAsked,
  before: BeingBuilt,
): Promise<RebuildStep> {
  try {
    return await commitPage(deps, projection, { orgId, limit }, before);
  } catch (error) {
    if (!(error instanceof PageTooLargeError)) throw error;
    const half = { orgId, limit: Math.ceil(limit / 2) };
    return replayPage(deps, projection, half, before);
  }
}

async function commitPage(
  deps: RebuildDeps,
  projection: Projection,
  { orgId, limit }: PageAsked,
  before: BeingBuilt,
): Promise<RebuildStep> {
  const path = statePath(projection.id, orgId);
  const { building } = before;
  const archive = await archiveIn(deps.reader, orgId);
  const read = await deps.readPage(orgId, {
    after: building.after ?? undefined,
    limit,
  });
  const { page, generations } = planReplay(before, building, read);
  const events = page.events
    .filter(({ event }) => matches(projection.pattern, event.eventType))
    .map(({ event }) => readableEvent(deps.catalog, projection, event));
  const billed = await deps.runTransaction(deps.ids.documentId(), async (transaction) => {
    const { noted: tx, billed: ofRun } = noteBilled(transaction);
    if (!isSame(decodeGenerations((await tx.get(path)).data), before)) return undefined;
    // What left since may be missing in what was read, even if it is back.
    if ((await archiveIn(tx, orgId)) !== archive) return undefined;
    const { generation, phase } = building;
    // What is not settled may still come in behind the cursor, and is a live job's then.
    const isSettled = phase === 'replaying';
    const sizes = new Map<string, number>();
    await applyAll(tx, { catalog: deps.catalog, projection, generation, isSettled, sizes }, events);
    if (sumOf(sizes) > MAX_COMMIT_BYTES && limit > 1) throw new PageTooLargeError();
    tx.merge(path, { ...generations });
    return ofRun();
  });
  if (billed === undefined) return OVERTAKEN;
  const kind = generations.building === null ? 'switched' : 'replayed';
  const reads = READS_OF_A_STEP + Math.max(1, read.events.length) + billed.reads;
  return { kind, rows: page.events.length, reads, writes: billed.writes };
}

/** How many events have ever left for the archive. Throws `archived` where any is there only. */
async function archiveIn(reader: Pick<DocumentReader, 'get'>, orgId: string): Promise<unknown> {
  const { data } = await reader.get(`${ARCHIVES}/${orgId}`);
  const events: unknown = data?.['events'] ?? 0;
  if (events === 0) return data?.['archived'] ?? 0;
  throw missingInRebuild(Number(events));
}

function sumOf(sizes: ReadonlyMap<string, number>): number {
  return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
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
  { orgId, limit }: PageAsked,
  generation: string,
): Promise<RebuildStep> {
  const which = ['generation', generationName(orgId, generation)] as const;
  const documents = await deps.reader.list(collection, which, limit);
  const rows = documents.length;
  if (rows > 0) {
    await deps.commit(documents.map(({ path }) => ({ kind: 'delete', path })));
    return { kind: 'deleted', rows, reads: 1 + rows, writes: rows };
  }
  await change(deps, statePath(id, orgId), (generations) => ({
    ...generations,
    retired: generations.retired.filter((one) => one !== generation),
  }));
  return { kind: 'deleted', rows, reads: 3, writes: 1 };
}

/**
 * Makes a new generation beside the live one, lets it take its place, and deletes what is old. What an
 * earlier call left undone is done first. Throws `contention` where others keep being quicker: it goes on where it
 * is when it is called again.
 */
export async function rebuildProjection(
  deps: RebuildDeps,
  projection: Projection,
  orgId: string,
): Promise<void> {
  await startRebuild(deps, projection, orgId);
  for (let overtaken = 0; overtaken < MAX_OVERTAKEN;) {
    const { kind } = await rebuildStep(deps, projection, orgId);
    if (kind === 'idle') return;
    overtaken = kind === 'overtaken' ? overtaken + 1 : 0;
  }
  const message = `Others keep being quicker at rebuilding ${projection.id}. Go on in a minute.`;
  throw new CodedError('contention', message);
}
