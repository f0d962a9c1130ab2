import { z } from 'zod';
import { decodeCursor, encodeCursor, SECOND_MS } from '#kernel';
import type { DomainEvent } from '../event.ts';
import type { EventPage, RecordedEvent } from '../queries/event-page.ts';
import type { ArchiveDeps } from './archive-page.ts';
import { manifestsOf, readManifest, readPart } from './files.ts';
import type { ArchivedLine, Manifest } from './part.ts';
import { archivePrefix, placeOfLine } from './part.ts';
import type { ArchiveStorage } from './storage.ts';

/** Which archived events of an organization: those of an entity's timeline. */
export interface ArchivedQuery {
  readonly orgId: string;
  /** `<entityType>:<entityId>`: of the entity, and of those below it. */
  readonly related: string;
  readonly matterId?: string | undefined;
  /** Recorded at this time or later, and before that one. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

interface ListDeps extends Pick<ArchiveDeps, 'source' | 'storage'> {
  /** An event as it is handed out. */
  readonly show: (stored: DomainEvent) => DomainEvent;
}

/** What a page has so far. */
interface Listed {
  readonly events: RecordedEvent[];
  /** The place of the last event that was looked at: what comes is before it. */
  before: string;
  parts: number;
  isBegun: boolean;
}

interface Part {
  /** Of its manifest. */
  readonly path: string;
  readonly last: Manifest['last'];
}

const NANOS_PER_MS = 1_000_000;

/** Parts read for a page: 200 events each, of which it may be about none. More only of one time. */
const MAX_PARTS = 10;

/** Behind any time there is. */
const LAST_TIME = '9999-12-31T24';

const cursorPlace = z.tuple([z.string().regex(/^\d{4}-\d{2}-\d{2}T/)]);

/**
 * A page of a timeline out of the archive, newest first, each event once. It reads about ten files of events, and the
 * manifests of their days: a page may have fewer events than asked for, or none, and there are more as long as it has a
 * cursor. What was restored is in the log, too. Throws `bad-cursor` and `archive-damaged`.
 */
export async function listArchived(deps: ListDeps, asked: ArchivedQuery): Promise<EventPage> {
  const { orgId, from } = asked;
  const listed: Listed = { events: [], before: startOf(asked), parts: 0, isBegun: false };
  const firstDay = from === undefined ? '' : dayOf(from.toISOString());
  const lastDay = dayOf(listed.before);
  const days = await deps.storage().folders(archivePrefix(orgId));
  for (const day of days.filter((one) => firstDay <= one && one <= lastDay).toReversed()) {
    if (await addDay(deps, asked, day, listed)) continue;
    return { events: listed.events, nextCursor: encodeCursor(namesOf(asked), [listed.before]) };
  }
  return { events: listed.events, nextCursor: undefined };
}

/**
 * Adds a day's events from the newest on; whether that was all of it. Its parts may overlap, where some of it was
 * restored and archived again: each is opened when the rest of the open ones is older than its last event.
 */
async function addDay(
  deps: ListDeps,
  asked: ArchivedQuery,
  day: string,
  listed: Listed,
): Promise<boolean> {
  const storage = deps.storage();
  const closed = await partsBefore(storage, asked.orgId, day, listed.before);
  const open: ArchivedLine[][] = [];
  for (;;) {
    const newest = newestOf(open);
    const next = dueOf(closed, newest);
    if (next !== undefined) {
      if (listed.isBegun && listed.parts >= MAX_PARTS) return false;
      const { lines } = await readPart(storage, next.path);
      open.push(lines.filter((line) => placeOfLine(line) < listed.before));
      closed.pop();
      listed.parts += 1;
    } else if (newest === undefined) {
      return true;
    } else {
      if (listed.events.length === asked.limit) return false;
      listed.events.push(...eventsOf(deps, asked, newest));
      listed.before = placeOfLine(newest);
      listed.isBegun = true;
      for (const lines of open) if (lines.at(-1)?.id === newest.id) lines.pop();
    }
  }
}

/** The next part, if the events of those that are open are older than its last one. */
function dueOf(closed: readonly Part[], newest: ArchivedLine | undefined): Part | undefined {
  const next = closed.at(-1);
  if (next === undefined || newest === undefined) return next;
  return placeOfLine(next.last) >= placeOfLine(newest) ? next : undefined;
}

/** A day's parts with events before a place, in the order of their last ones. */
async function partsBefore(
  storage: ArchiveStorage,
  orgId: string,
  day: string,
  before: string,
): Promise<Part[]> {
  const paths = await manifestsOf(storage, orgId, day);
  const parts = await Promise.all(
    paths.map(async (path) => ({ ...(await readManifest(storage, path)), path })),
  );
  return parts
    .filter(({ first }) => placeOfLine(first) < before)
    .toSorted((a, b) => (placeOfLine(a.last) < placeOfLine(b.last) ? -1 : 1));
}

function newestOf(open: readonly (readonly ArchivedLine[])[]): ArchivedLine | undefined {
  return open
    .flatMap((lines) => lines.at(-1) ?? [])
    .reduce<ArchivedLine | undefined>(
      (newest, line) =>
        newest === undefined || placeOfLine(line) > placeOfLine(newest) ? line : newest,
      undefined,
    );
}

/** The event, if it is one and is asked for. */
function eventsOf(
  { source, show }: ListDeps,
  asked: ArchivedQuery,
  line: ArchivedLine,
): RecordedEvent[] {
  const { event, recordedAt } = source.rowOf(line);
  if (event === undefined || recordedAt === undefined) return [];
  const at = new Date(recordedAt.seconds * SECOND_MS + recordedAt.nanoseconds / NANOS_PER_MS);
  return isAsked(event, at, asked) ? [{ ...show(event), recordedAt: at }] : [];
}

function isAsked(
  { related, matterId }: DomainEvent,
  at: Date,
  { related: wanted, matterId: matter = matterId, from = at, to }: ArchivedQuery,
): boolean {
  const isInTime = at >= from && (to === undefined || at < to);
  return isInTime && related.includes(wanted) && matterId === matter;
}

/** Behind the last event that it can be about, or where the page before ended. */
function startOf(asked: ArchivedQuery): string {
  const { to, cursor } = asked;
  if (cursor !== undefined) return decodeCursor(namesOf(asked), cursor, cursorPlace)[0];
  // Without the zone it is before all places of this millisecond.
  return to === undefined ? LAST_TIME : to.toISOString().slice(0, -1);
}

function namesOf({ orgId, related, matterId = '', from, to }: ArchivedQuery): string[] {
  const range = [from, to].map((at) => at?.toISOString() ?? '');
  return ['archived timeline', orgId, related, matterId, ...range];
}

function dayOf(time: string): string {
  return time.slice(0, 10);
}
