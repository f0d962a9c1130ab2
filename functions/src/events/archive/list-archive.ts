import { z } from 'zod';
import { decodeCursor, encodeCursor, SECOND_MS } from '#kernel';
import type { DomainEvent } from '../event.ts';
import type { EventPage, RecordedEvent } from '../queries/event-page.ts';
import type { ArchiveDeps } from './archive-page.ts';
import type { PartPlace } from './find-part.ts';
import { findPart } from './find-part.ts';
import { readPart } from './files.ts';
import type { ArchivedLine } from './part.ts';
import { dayPrefix } from './part.ts';

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

/** An event as it is handed out. */
type Show = (stored: DomainEvent) => DomainEvent;

const NANOS_PER_MS = 1_000_000;

/** Parts read for a page, at most: 200 events each, of which it may be about none. */
const MAX_PARTS = 10;

/** Behind any day there is. */
const LAST_DAY = '9999-12-31';

const cursorPlace = z.tuple([z.iso.date(), z.string(), z.int().min(0)]);

/**
 * A page of a timeline out of the archive, newest first. It reads at most ten files: a page may have fewer events than
 * asked for, or none, and there are more as long as it has a cursor. What was restored is in the log, too.
 * Throws `bad-cursor` and `archive-damaged`.
 */
export async function listArchived(
  deps: Pick<ArchiveDeps, 'source' | 'storage'> & {
    readonly show: Show;
  },
  asked: ArchivedQuery,
): Promise<EventPage> {
  const { orgId, from } = asked;
  const events: RecordedEvent[] = [];
  const page = (place: PartPlace | undefined): EventPage => ({
    events,
    nextCursor: place && encodePlace(asked, place),
  });
  const firstDay = from === undefined ? '' : dayOf(from);
  let place = startOf(asked);
  for (let parts = 0; parts < MAX_PARTS; parts += 1) {
    const found = await findPart(deps.storage(), orgId, firstDay, place);
    if (found === undefined) return page(undefined);
    const { day, manifest } = found;
    const { lines } = await readPart(deps.storage(), manifest);
    const rest = takeFrom(deps, asked, lines.slice(0, found.rest), events);
    if (rest > 0) return page({ day, manifest, rest });
    place = { day, manifest, rest: 0 };
  }
  return page(place);
}

/** Adds to `events`, from the last line on, until the page is full; answers how many lines are left then. */
function takeFrom(
  { source, show }: Pick<ArchiveDeps, 'source'> & { readonly show: Show },
  asked: ArchivedQuery,
  lines: readonly ArchivedLine[],
  events: RecordedEvent[],
): number {
  for (const [index, line] of [...lines.entries()].toReversed()) {
    if (events.length === asked.limit) return index + 1;
    const { event, recordedAt } = source.rowOf(line);
    if (event === undefined || recordedAt === undefined) continue;
    const at = new Date(recordedAt.seconds * SECOND_MS + recordedAt.nanoseconds / NANOS_PER_MS);
    const isNew = events.every(({ eventId }) => eventId !== event.eventId);
    if (isNew && isAsked(event, at, asked)) events.push({ ...show(event), recordedAt: at });
  }
  return 0;
}

function isAsked(
  { related, matterId }: DomainEvent,
  at: Date,
  { related: wanted, matterId: matter = matterId, from = at, to }: ArchivedQuery,
): boolean {
  const isInTime = at >= from && (to === undefined || at < to);
  return isInTime && related.includes(wanted) && matterId === matter;
}

/** The last day that it can be about, or where the page before ended. */
function startOf(asked: ArchivedQuery): PartPlace {
  const { orgId, to, cursor } = asked;
  if (cursor === undefined) return { day: to === undefined ? LAST_DAY : dayOf(to) };
  const [day, name, rest] = decodeCursor(namesOf(asked), cursor, cursorPlace);
  return { day, manifest: `${dayPrefix(orgId, day)}${name}`, rest };
}

function encodePlace(asked: ArchivedQuery, { day, manifest = '', rest = 0 }: PartPlace): string {
  const name = manifest.slice(dayPrefix(asked.orgId, day).length);
  return encodeCursor(namesOf(asked), [day, name, rest]);
}

function namesOf({ orgId, related, matterId = '', from, to }: ArchivedQuery): string[] {
  const range = [from, to].map((at) => at?.toISOString() ?? '');
  return ['archived timeline', orgId, related, matterId, ...range];
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}
