import type { DomainEvent } from '../event.ts';
import { checkEvent } from '../integrity/check-event.ts';
import type { Finding } from '../integrity/finding.ts';
import type { ArchiveFinding } from './archive-finding.ts';
import { differingEvent, lostEvents } from './archive-finding.ts';
import type { ArchiveDeps } from './archive-page.ts';
import type { ArchiveState } from './archive-source.ts';
import { linesOrFinding, manifestsOf } from './files.ts';
import type { ArchivedLine } from './part.ts';
import { archivePrefix, isManifestPath, placeOfLine } from './part.ts';
import type { ArchiveStorage } from './storage.ts';

/** How far it has come: in which part, and how many of its events have been looked at. */
export interface ArchiveVerifyPlace {
  readonly manifest?: string | undefined;
  readonly from?: number | undefined;
  /** The place in time of the latest event that was looked at. */
  readonly through?: string | undefined;
  /** What was counted by those who archived, when it began; and events met that are not in the log as they are here. */
  readonly tally?: (Counted & { readonly met: number }) | undefined;
}

type Counted = Pick<ArchiveState, 'events' | 'archived'>;

/** What a page came to. */
export interface VerifiedPart {
  readonly seen: number;
  readonly reads: number;
  readonly findings: readonly (Finding | ArchiveFinding)[];
  /** Undefined at the end. */
  readonly next: ArchiveVerifyPlace | undefined;
}

type VerifyArchiveDeps = Pick<ArchiveDeps, 'source' | 'storage'> & {
  readonly atNewest: (stored: DomainEvent) => DomainEvent;
};

/** Files listed at a time: each part has two. */
const LISTED = 20;

/**
 * Verifies a part of an organization's archive, or as many of its events as asked for: that its files are as they were
 * written, each event as it was emitted, and as it is in the log where it is there, too. At the end, whether any is
 * missing, unless others archived or restored meanwhile. Not one event by another.
 */
export async function verifyArchivePage(
  deps: VerifyArchiveDeps,
  asked: { readonly orgId: string; readonly place: ArchiveVerifyPlace; readonly limit: number },
): Promise<VerifiedPart> {
  const { orgId, place, limit } = asked;
  const storage = deps.storage();
  const { manifest, from = 0, through = '' } = place;
  const tally = place.tally ?? { ...(await countedIn(deps, orgId)), met: 0 };
  const path = from > 0 ? manifest : await manifestAfter(storage, orgId, manifest);
  if (path === undefined) return atTheEnd(deps, orgId, tally);
  const lines = await linesOrFinding(storage, path);
  if ('kind' in lines) {
    return { seen: 0, reads: 0, findings: [lines], next: { manifest: path, through, tally } };
  }
  const page = lines.slice(from, from + limit);
  const { findings, away } = await lookAt(deps, page);
  const before = await metBefore(storage, { orgId, path, through }, page);
  const met = tally.met + away.filter((line) => !before.has(placeOfLine(line))).length;
  const end = from + page.length;
  const next = {
    manifest: path,
    from: end < lines.length ? end : undefined,
    through: [through, ...page.slice(-1).map(placeOfLine)].toSorted(byCharacters).at(-1),
    tally: { ...tally, met },
  };
  return { seen: page.length, reads: page.length, findings, next };
}

async function atTheEnd(
  deps: VerifyArchiveDeps,
  orgId: string,
  tally: NonNullable<ArchiveVerifyPlace['tally']>,
): Promise<VerifiedPart> {
  const lost = isSame(tally, await countedIn(deps, orgId)) ? tally.events - tally.met : 0;
  return { seen: 0, reads: 1, findings: lost > 0 ? [lostEvents(lost)] : [], next: undefined };
}

function byCharacters(a: string, b: string): number {
  return a < b ? -1 : 1;
}

async function countedIn({ source }: VerifyArchiveDeps, orgId: string): Promise<Counted> {
  const { events = 0, archived = 0 } = (await source.state(orgId)).state ?? {};
  return { events, archived };
}

function isSame(a: Counted, b: Counted): boolean {
  return a.events === b.events && a.archived === b.archived;
}

/** What is wrong with events, and those that are not in the log as they are here. */
async function lookAt(
  { source, atNewest }: VerifyArchiveDeps,
  page: readonly ArchivedLine[],
): Promise<Pick<VerifiedPart, 'findings'> & { readonly away: readonly ArchivedLine[] }> {
  const there = await source.lines(page.map(({ id }) => id));
  const away = page.filter((line) => JSON.stringify(there.get(line.id)) !== JSON.stringify(line));
  const others = away.filter(({ id }) => there.has(id));
  return {
    findings: [
      ...page.flatMap((line) => checkEvent(source.rowOf(line), atNewest)),
      ...others.map(({ id }) => differingEvent(id)),
    ],
    away,
  };
}

/** The places of events that parts before this one have, if any can be of this page: parts of a day may overlap. */
async function metBefore(
  storage: ArchiveStorage,
  {
    orgId,
    path,
    through,
  }: { readonly orgId: string; readonly path: string; readonly through: string },
  [first]: readonly ArchivedLine[],
): Promise<ReadonlySet<string>> {
  if (first === undefined || placeOfLine(first) > through) return new Set();
  const manifests = await manifestsOf(storage, orgId, first.recordedAt.slice(0, 10));
  const earlier = manifests.filter((manifest) => manifest < path);
  const parts = await Promise.all(earlier.map((manifest) => linesOrFinding(storage, manifest)));
  return new Set(parts.flatMap((lines) => ('kind' in lines ? [] : lines.map(placeOfLine))));
}

async function manifestAfter(
  storage: ArchiveStorage,
  orgId: string,
  before: string | undefined,
): Promise<string | undefined> {
  let after = before;
  for (;;) {
    const asked = { prefix: archivePrefix(orgId), after, limit: LISTED };
    const paths = await storage.list(asked);
    const found = paths.find(isManifestPath);
    if (found !== undefined || paths.length < LISTED) return found;
    after = paths.at(-1);
  }
}
