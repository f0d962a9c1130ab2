import { DELETE_FIELD } from '#kernel';
import type { DocumentWrite } from '#kernel';
import type { DomainEvent } from '../event.ts';
import { streamHash } from '../streams/stream.ts';
import type { ArchiveFinding } from './archive-finding.ts';
import { differingEvent } from './archive-finding.ts';
import type { ArchiveDeps, PageDone } from './archive-page.ts';
import { beginning, counting, settingThrough } from './archive-page.ts';
import type { ArchiveState } from './archive-source.ts';
import type { PartPlace } from './find-part.ts';
import { findPart } from './find-part.ts';
import { readPart } from './files.ts';
import type { ArchivedLine } from './part.ts';
import { damaged } from './part.ts';

/** Which days, both included. */
export interface RestoreAsked {
  readonly orgId: string;
  readonly from: string;
  readonly place: PartPlace;
  readonly limit: number;
  /** Only counts: what it answers is not written. */
  readonly dryRun: boolean;
}

/** As a page of archiving, with what is there and is another. */
export interface PageRestored extends PageDone<PartPlace> {
  readonly findings: readonly ArchiveFinding[];
}

/**
 * Reads a part, or the rest of one, and answers what puts its events back: those that are not there, as they were, and
 * without jobs. From the newest to the oldest, so that a stream's head follows event by event.
 * Throws `archive-damaged`.
 */
export async function restorePage(deps: ArchiveDeps, asked: RestoreAsked): Promise<PageRestored> {
  const { orgId, from, place, limit, dryRun } = asked;
  const { state } = await deps.source.state(orgId);
  if (state === undefined && !dryRun) return { ...beginning(orgId, place), findings: [] };
  const at = await findPart(deps.storage(), orgId, from, place);
  const nothing = { seen: 0, done: 0, skipped: {}, reads: 1, writes: [], findings: [] };
  if (at === undefined) return { ...nothing, next: undefined };
  const { lines: all, manifest } = await readPart(deps.storage(), at.manifest);
  if (manifest.orgId !== orgId) throw damaged(at.manifest, 'it is another organization’s');
  const through = at.rest ?? all.length;
  const begin = Math.max(0, through - limit);
  const restored = await restore(deps, state, orgId, all.slice(begin, through));
  return { ...restored, next: { day: at.day, manifest: at.manifest, rest: begin } };
}

async function restore(
  deps: ArchiveDeps,
  state: ArchiveState | undefined,
  orgId: string,
  lines: readonly ArchivedLine[],
): Promise<Omit<PageRestored, 'next'>> {
  const there = await deps.source.lines(lines.map(({ id }) => id));
  const missing = lines.filter(({ id }) => !there.has(id));
  const others = lines.filter((line) => {
    const stored = there.get(line.id);
    return stored !== undefined && JSON.stringify(stored) !== JSON.stringify(line);
  });
  const back = lines.filter((line) => !others.includes(line));
  const events = back.flatMap((line) => deps.source.rowOf(line).event ?? []);
  const { writes, reads } = await lowerHeads(deps, events);
  const same = back.length - missing.length;
  const changes = missing.map((line) => deps.source.restoring(line));
  const all = [...changes, ...writes];
  return {
    seen: lines.length,
    done: missing.length,
    skipped: {
      ...(same === 0 ? {} : { 'already-there': same }),
      ...(others.length === 0 ? {} : { 'differs-from-the-archive': others.length }),
    },
    reads: 1 + lines.length + reads,
    writes: all.length === 0 ? [] : [...all, ...countingDown(orgId, missing.length, state)],
    findings: others.map(({ id }) => differingEvent(id)),
  };
}

/** Into a database that is not the one they left, more come back than were counted. */
function countingDown(
  orgId: string,
  back: number,
  state: ArchiveState | undefined,
): readonly DocumentWrite[] {
  if (state === undefined) return [];
  return [counting(orgId, Math.max(0, state.events - back), state.writtenAt)];
}

/**
 * Heads whose last archived events are back. `archivedThrough` goes down to the last version that is still in the
 * archive only: below what is restored here, events may have been restored before.
 */
async function lowerHeads(
  { source, headPathOf }: ArchiveDeps,
  events: readonly DomainEvent[],
): Promise<{ readonly writes: readonly DocumentWrite[]; readonly reads: number }> {
  const streamed = events.filter(({ streamVersion }) => streamVersion !== undefined);
  const byHead = Map.groupBy(streamed, headPathOf);
  const heads = await source.heads([...byHead.keys()]);
  let reads = byHead.size;
  const writes = await Promise.all(
    [...byHead].map(async ([path, ofStream]): Promise<DocumentWrite[]> => {
      const through = heads.get(path)?.archivedThrough ?? 0;
      const [event] = ofStream;
      const versions = new Set(ofStream.map(({ streamVersion }) => streamVersion));
      let lowered = through;
      while (versions.has(lowered)) lowered -= 1;
      if (event === undefined || lowered === through) return [];
      if (lowered > 0) {
        const before = await source.runUpTo(streamHash(event), lowered);
        reads += before + 1;
        lowered -= before;
      }
      return [settingThrough(path, lowered === 0 ? DELETE_FIELD : lowered)];
    }),
  );
  return { writes: writes.flat(), reads };
}
