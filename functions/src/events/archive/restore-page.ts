import { DELETE_FIELD } from '#kernel';
import type { DocumentWrite } from '#kernel';
import type { DomainEvent } from '../event.ts';
import { streamHash } from '../streams/stream.ts';
import type { ArchiveFinding } from './archive-finding.ts';
import { differingEvent, lostEvents } from './archive-finding.ts';
import type { ArchiveDeps, PageDone } from './archive-page.ts';
import { beginning, counting, settingThrough } from './archive-page.ts';
import type { ArchiveState } from './archive-source.ts';
import type { PartPlace } from './find-part.ts';
import { findPart } from './find-part.ts';
import { linesOrFinding } from './files.ts';
import type { ArchivedLine } from './part.ts';
import { archivePrefix } from './part.ts';

/** A place on the way, and what is known of the way to it. */
export interface RestorePlace extends PartPlace {
  /** How many events had ever left for the archive when it began. */
  readonly archived?: number | undefined;
  /** Events that were there and were others. */
  readonly others?: number | undefined;
  /** Whether a part was passed over. */
  readonly isDamaged?: true | undefined;
}

/** Which days, both included. */
export interface RestoreAsked {
  readonly orgId: string;
  readonly from: string;
  readonly to: string;
  readonly place: RestorePlace;
  readonly limit: number;
  /** Only counts: what it answers is not written. */
  readonly dryRun: boolean;
}

/** As a page of archiving, with what is there and is another, and parts that cannot be read: they are passed over. */
export interface PageRestored extends PageDone<RestorePlace> {
  readonly findings: readonly ArchiveFinding[];
}

const NOTHING = { seen: 0, done: 0, skipped: {}, reads: 1, writes: [], findings: [] };

/**
 * Reads a part, or the rest of one, and answers what puts its events back: those that are not there, as they were, and
 * without jobs. From the newest to the oldest, so that a stream's head follows event by event.
 */
export async function restorePage(deps: ArchiveDeps, asked: RestoreAsked): Promise<PageRestored> {
  const { orgId, from, place, limit, dryRun } = asked;
  const { state } = await deps.source.state(orgId);
  if (state === undefined && !dryRun) return { ...beginning(orgId, place), findings: [] };
  const { archived = state?.archived, others = 0, isDamaged } = place;
  const way = { archived, others, isDamaged };
  const at = await findPart(deps.storage(), orgId, from, place);
  if (at === undefined) {
    const ended = await ending(deps, { ...asked, place: { ...place, ...way } }, state);
    return { ...NOTHING, ...ended, next: undefined };
  }
  const { day, manifest } = at;
  const all = await linesOrFinding(deps.storage(), manifest);
  if ('kind' in all) {
    const next = { ...way, day, manifest, rest: 0, isDamaged: true } as const;
    return { ...NOTHING, findings: [all], next };
  }
  const through = at.rest ?? all.length;
  const rest = Math.max(0, through - limit);
  const restored = await restore(deps, state, orgId, all.slice(rest, through));
  const next = { ...way, day, manifest, rest, others: others + restored.findings.length };
  return { ...restored, next };
}

/**
 * When all that there is was gone through, and nothing left meanwhile, nothing is in the archive only. What is still
 * counted then was counted for events whose ids are others' by now, or is lost.
 */
async function ending(
  deps: ArchiveDeps,
  { orgId, from, to, place, dryRun }: RestoreAsked,
  state: ArchiveState | undefined,
): Promise<Pick<PageRestored, 'writes' | 'findings'>> {
  const { archived, others = 0, isDamaged } = place;
  const days = await deps.storage().folders(archivePrefix(orgId));
  const isAll = days.every((day) => from <= day && day <= to) && isDamaged === undefined;
  const isOver = state !== undefined && !dryRun && isAll && archived === state.archived;
  if (!isOver) return { writes: [], findings: [] };
  const events = Math.max(0, state.events - others);
  return {
    writes: events === state.events ? [] : [counting(orgId, { ...state, events })],
    findings: events === 0 ? [] : [lostEvents(events)],
  };
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
  return [counting(orgId, { ...state, events: Math.max(0, state.events - back) })];
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
