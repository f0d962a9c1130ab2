import { CodedError } from '#kernel';
import type { ArchiveFinding } from './archive-finding.ts';
import { damagedFile } from './archive-finding.ts';
import type { ArchivedLine, EncodedPart, Manifest } from './part.ts';
import {
  damaged,
  dayPrefix,
  decodeManifest,
  decodePart,
  encodeManifest,
  isManifestPath,
  sha256,
} from './part.ts';
import type { ArchiveStorage } from './storage.ts';

/** Files listed at a time. */
const LISTED = 1_000;

/**
 * Writes a part and then its manifest, and reads both back: when it returns, they are there and are what was to be
 * written. A part that is there already is written by what has the same events. Throws `archive-damaged`.
 */
export async function writePart(storage: ArchiveStorage, part: EncodedPart): Promise<void> {
  const { manifest, manifestPath, file } = part;
  await storage.put(manifest.path, file);
  // Another release of the compression may have written the same content as other bytes.
  const stored = await read(storage, manifest.path);
  const kept = { ...manifest, fileSha256: sha256(stored) };
  await decodePart(kept, stored);
  await storage.put(manifestPath, encodeManifest(kept));
  await decodePart(await readManifest(storage, manifestPath), stored);
}

/** What is said of a part; throws `archive-damaged`. */
export async function readManifest(storage: ArchiveStorage, path: string): Promise<Manifest> {
  return decodeManifest(path, await read(storage, path));
}

/** A part's manifest and events, whole or not at all; throws `archive-damaged`. */
export async function readPart(
  storage: ArchiveStorage,
  manifestPath: string,
): Promise<{ readonly manifest: Manifest; readonly lines: readonly ArchivedLine[] }> {
  const manifest = await readManifest(storage, manifestPath);
  return { manifest, lines: await decodePart(manifest, await read(storage, manifest.path)) };
}

/** A part's events, or what is wrong with its files. */
export async function linesOrFinding(
  storage: ArchiveStorage,
  manifestPath: string,
): Promise<readonly ArchivedLine[] | ArchiveFinding> {
  try {
    return (await readPart(storage, manifestPath)).lines;
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== 'archive-damaged') throw error;
    const [problem] = error.problems;
    return damagedFile(problem?.path ?? manifestPath, problem?.message ?? '');
  }
}

/** The paths of a day's manifests, oldest part first. What has none was never finished, and counts for nothing. */
export async function manifestsOf(
  storage: ArchiveStorage,
  orgId: string,
  day: string,
): Promise<string[]> {
  const prefix = dayPrefix(orgId, day);
  const manifests: string[] = [];
  let after: string | undefined;
  for (;;) {
    const paths = await storage.list({ prefix, after, limit: LISTED });
    manifests.push(...paths.filter(isManifestPath));
    if (paths.length < LISTED) return manifests;
    after = paths.at(-1);
  }
}

async function read(storage: ArchiveStorage, path: string): Promise<Uint8Array> {
  const bytes = await storage.get(path);
  if (bytes === undefined) throw damaged(path, 'it is not there');
  return bytes;
}
