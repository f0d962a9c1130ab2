import { manifestsOf } from './files.ts';
import { archivePrefix } from './part.ts';
import type { ArchiveStorage } from './storage.ts';

/** A place on the way from the newest day, part and event of an archive to the oldest. */
export interface PartPlace {
  /** `2030-01-31` */
  readonly day: string;
  /** The manifest that it is at, or that is done with where `rest` is 0; undefined where its day is not begun. */
  readonly manifest?: string | undefined;
  /** Events of that part that are still to come: its first. */
  readonly rest?: number | undefined;
}

/** A place in a part. */
export type FoundPart = PartPlace & { readonly manifest: string };

/**
 * The place itself or, where its part is done with, the part before it: of its day or of an earlier one, not before
 * `from`. Undefined where there is none.
 */
export async function findPart(
  storage: ArchiveStorage,
  orgId: string,
  from: string,
  place: PartPlace,
): Promise<FoundPart | undefined> {
  const { day: last, manifest: done, rest } = place;
  if (done !== undefined && rest !== 0) return { ...place, manifest: done };
  const days = await storage.folders(archivePrefix(orgId));
  const asked = days.filter((day) => day >= from && day <= last);
  for (const day of asked.toReversed()) {
    const manifests = await manifestsOf(storage, orgId, day);
    const isBefore = (path: string): boolean => day < last || done === undefined || path < done;
    const manifest = manifests.findLast(isBefore);
    if (manifest !== undefined) return { day, manifest };
  }
  return undefined;
}
