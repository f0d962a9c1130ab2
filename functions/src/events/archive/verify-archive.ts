import { CodedError } from '#kernel';
import type { DomainEvent } from '../event.ts';
import { checkEvent } from '../integrity/check-event.ts';
import type { Finding } from '../integrity/finding.ts';
import type { ArchiveFinding } from './archive-finding.ts';
import { damagedFile } from './archive-finding.ts';
import type { ArchiveDeps } from './archive-page.ts';
import { readPart } from './files.ts';
import type { ArchivedLine } from './part.ts';
import { archivePrefix, isManifestPath } from './part.ts';
import type { ArchiveStorage } from './storage.ts';

/** How far it has come: in which part, and how many of its events have been looked at. */
export interface ArchiveVerifyPlace {
  readonly manifest?: string | undefined;
  readonly from?: number | undefined;
}

/** What a page came to. */
export interface VerifiedPart {
  readonly seen: number;
  readonly findings: readonly (Finding | ArchiveFinding)[];
  /** Undefined at the end. */
  readonly next: ArchiveVerifyPlace | undefined;
}

/** Files listed at a time: each part has two. */
const LISTED = 20;

/**
 * Verifies a part of an organization's archive, or as many of its events as asked for: that its files are as they were
 * written, and each event as it was emitted. Not whether a whole part is missing, nor one event by another.
 */
export async function verifyArchivePage(
  deps: Pick<ArchiveDeps, 'source' | 'storage'> & {
    readonly atNewest: (stored: DomainEvent) => DomainEvent;
  },
  asked: { readonly orgId: string; readonly place: ArchiveVerifyPlace; readonly limit: number },
): Promise<VerifiedPart> {
  const { orgId, place, limit } = asked;
  const storage = deps.storage();
  const { manifest, from = 0 } = place;
  const path = from > 0 ? manifest : await manifestAfter(storage, orgId, manifest);
  if (path === undefined) return { seen: 0, findings: [], next: undefined };
  const lines = await linesOrFinding(storage, path);
  if ('kind' in lines) return { seen: 0, findings: [lines], next: { manifest: path } };
  const page = lines.slice(from, from + limit);
  const end = from + page.length;
  return {
    seen: page.length,
    findings: page.flatMap((line) => checkEvent(deps.source.rowOf(line), deps.atNewest)),
    next: { manifest: path, ...(end < lines.length ? { from: end } : {}) },
  };
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

async function linesOrFinding(
  storage: ArchiveStorage,
  path: string,
): Promise<readonly ArchivedLine[] | ArchiveFinding> {
  try {
    return (await readPart(storage, path)).lines;
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== 'archive-damaged') throw error;
    const [problem] = error.problems;
    return damagedFile(problem?.path ?? path, problem?.message ?? '');
  }
}
