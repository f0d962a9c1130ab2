import { z } from 'zod';
import type { ArchiveStorage } from '#events';
import { readCursor } from './read-cursor.ts';

/** Where an export goes on: the number of its next file, where that begins, and how many rows are asked for. */
const place = z.object({
  part: z.int().min(1),
  after: z.string().optional(),
  most: z.int().min(1).optional(),
});

/** The folder of an operation's files. */
export function exportFolder(orgId: string, operationId: string): string {
  return `exports/${orgId}/${operationId}/`;
}

/** Names sort as their numbers, to 999,999. */
export function partPath(folder: string, name: string, part: number, ending: string): string {
  return `${folder}${name}-${String(part).padStart(6, '0')}.${ending}`;
}

/** A cursor as a step left it. */
export function readPart(cursor: string | undefined): z.output<typeof place> {
  return cursor === undefined ? { part: 1 } : readCursor(place, cursor);
}

/** The cursor of the next file; undefined behind the last. */
export function nextPart(
  part: number,
  after: string | undefined,
  most: number,
): string | undefined {
  return after === undefined ? undefined : JSON.stringify({ part: part + 1, after, most });
}

/** Writes a file once. `differs`: a step that was made before wrote it, and with something else. */
export async function writePart(
  storage: Pick<ArchiveStorage, 'put' | 'get'>,
  path: string,
  bytes: Buffer,
): Promise<'written' | 'differs'> {
  if ((await storage.put(path, bytes)) === 'written') return 'written';
  const there = await storage.get(path);
  return there !== undefined && bytes.equals(there) ? 'written' : 'differs';
}
