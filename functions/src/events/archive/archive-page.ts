import type { DocumentWrite, TimePosition } from '#kernel';
import { SERVER_TIME } from '#kernel';
import { DOMAIN_EVENTS } from '../event.ts';
import type { DomainEvent } from '../event.ts';
import type { SnapshotOwner } from '../snapshots/snapshot.ts';
import { decodeSnapshot, snapshotPath } from '../snapshots/snapshot.ts';
import type { ArchiveSource, ArchiveState, StoredEvent } from './archive-source.ts';
import { ARCHIVES } from './archive-source.ts';
import { writePart } from './files.ts';
import { encodePart } from './part.ts';
import type { ArchivePlan, Surroundings } from './plan-archive.ts';
import { planArchive } from './plan-archive.ts';
import type { ArchiveStorage } from './storage.ts';

/** What archiving asks of its deployment. */
export interface ArchiveDeps {
  readonly source: ArchiveSource;
  /** Called when there is something to write or read. Throws `invalid-setting`. */
  readonly storage: () => ArchiveStorage;
  readonly headPathOf: (event: DomainEvent) => string;
  /** Who makes states of the streams of an entity type. */
  readonly reducersOf: (entityType: string) => readonly SnapshotOwner[];
}

/** How far archiving has come: the last event that was looked at; none before the first. */
export interface ArchivePlace {
  readonly after?: TimePosition | undefined;
  /** Events that are asked for, at most: of large ones others would be read in vain. */
  readonly most?: number | undefined;
}

/** Which page of an organization's log. */
export interface PageAsked {
  readonly orgId: string;
  readonly beforeMs: number;
  readonly place: ArchivePlace;
  readonly limit: number;
  /** Only counts: nothing is written, to no storage either. */
  readonly dryRun: boolean;
}

/** What one step of archiving or restoring came to; `writes` are one commit, or nothing happened. */
export interface PageDone<Place> {
  readonly seen: number;
  readonly done: number;
  readonly skipped: Readonly<Record<string, number>>;
  readonly reads: number;
  readonly writes: readonly DocumentWrite[];
  /** Where the next begins; undefined at the end. */
  readonly next: Place | undefined;
}

/** Lines of a page are held in memory as often as they are packed, and restored in one commit of 10 MB. */
const MAX_PAGE_BYTES = 4 * 1_024 * 1_024;

/**
 * Copies a page of events to the archive, reads the copy back, and answers what deletes them. Made again, it writes the
 * same files or, where other events may go by then, further ones, which do no harm: an event is restored once.
 */
export async function archivePage(
  deps: ArchiveDeps,
  asked: PageAsked,
): Promise<PageDone<ArchivePlace>> {
  const { orgId, beforeMs, place, limit, dryRun } = asked;
  const { state } = await deps.source.state(orgId);
  if (state === undefined && !dryRun) return beginning(orgId, place);
  const { after, most = limit } = place;
  const asking = Math.min(limit, most);
  const found = await deps.source.eventsBefore({ orgId, beforeMs, after, limit: asking });
  const page = withinBytes(found);
  const { around, reads } = await lookAround(deps, page);
  const plan = planArchive(page, around);
  if (!dryRun) await copy(deps.storage(), orgId, plan.going);
  const isLast = found.length < asking && page.length === found.length;
  return {
    seen: page.length,
    done: plan.going.length,
    skipped: plan.skipped,
    reads: 1 + Math.max(1, found.length) + reads,
    writes: state === undefined ? [] : writesOf(orgId, plan, state),
    next: isLast ? undefined : { after: page.at(-1)?.place, most: 2 * page.length },
  };
}

/** The state is there before it is counted in, so that every count is on the condition of the one before. */
export function beginning<Place>(orgId: string, next: Place): PageDone<Place> {
  const data = { orgId, events: 0, archived: 0, updatedAt: SERVER_TIME };
  const write = { kind: 'create', path: `${ARCHIVES}/${orgId}`, data } as const;
  return { seen: 0, done: 0, skipped: {}, reads: 1, writes: [write], next };
}

/** At least one. */
function withinBytes(found: readonly StoredEvent[]): readonly StoredEvent[] {
  let bytes = 0;
  const end = found.findIndex(({ line }) => {
    bytes += Buffer.byteLength(JSON.stringify(line));
    return bytes > MAX_PAGE_BYTES;
  });
  return end === -1 ? found : found.slice(0, Math.max(1, end));
}

async function lookAround(
  { source, headPathOf, reducersOf }: ArchiveDeps,
  page: readonly StoredEvent[],
): Promise<{ readonly around: Surroundings; readonly reads: number }> {
  const events = page.flatMap(({ row }) => row.event ?? []);
  const streamed = events.filter(({ streamVersion }) => streamVersion !== undefined);
  const headPaths = [...new Set(streamed.map(headPathOf))];
  const kept = (event: DomainEvent) =>
    reducersOf(event.entityType).map((owner) => ({ owner, path: snapshotPath(event, owner) }));
  const snapshotPaths = [...new Set(streamed.flatMap(kept).map(({ path }) => path))];
  const [unsent, heads, snapshots] = await Promise.all([
    source.withUnsentJobs(events.map(({ eventId }) => eventId)),
    source.heads(headPaths),
    source.documents(snapshotPaths),
  ]);
  const keptThrough = (event: DomainEvent): number => {
    const versions = kept(event).map(({ owner, path }) => {
      const snapshot = decodeSnapshot(snapshots.get(path));
      return snapshot?.schemaVersion === owner.schemaVersion ? snapshot.version : 0;
    });
    return Math.min(Infinity, ...versions);
  };
  const around = { headPathOf, heads, unsent: unsent.eventIds, keptThrough };
  return { around, reads: unsent.reads + headPaths.length + snapshotPaths.length };
}

async function copy(
  storage: ArchiveStorage,
  orgId: string,
  going: readonly StoredEvent[],
): Promise<void> {
  const days = Map.groupBy(going, ({ line }) => line.recordedAt.slice(0, 10));
  for (const [day, stored] of days) {
    const lines = stored.map(({ line }) => line);
    await writePart(storage, await encodePart(orgId, day, lines));
  }
}

function writesOf(
  orgId: string,
  { going, heads }: ArchivePlan,
  { events, archived, writtenAt }: ArchiveState,
): DocumentWrite[] {
  if (going.length === 0) return [];
  const count = going.length;
  return [
    ...going.map(({ line, writtenAt: unchangedSince }) => {
      const path = `${DOMAIN_EVENTS}/${line.id}`;
      return { kind: 'delete', path, unchangedSince } as const;
    }),
    ...[...heads].map(([path, value]) => settingThrough(path, value)),
    counting(orgId, { events: events + count, archived: archived + count, writtenAt }),
  ];
}

/** Writes a head's `archivedThrough` and leaves the rest to those who append. */
export function settingThrough(path: string, value: unknown): DocumentWrite {
  return { kind: 'update-leaves', path, data: { stream: { archivedThrough: value } } };
}

/**
 * Writes how many events are in the archive. Its commit goes through if nobody has archived or restored since the
 * state was read; whoever does so meanwhile looks again.
 */
export function counting(
  orgId: string,
  { events, archived, writtenAt: unchangedSince }: ArchiveState,
): DocumentWrite {
  const data = { events, archived, updatedAt: SERVER_TIME };
  return { kind: 'update', path: `${ARCHIVES}/${orgId}`, data, unchangedSince };
}
