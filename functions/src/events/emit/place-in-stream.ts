import type { Place } from '#outbox';
import { streamHash } from '../streams/stream.ts';

/**
 * Where an ordered subscription's job for an event of this version stands; an event outside a stream has no
 * order to keep, and its job no place.
 */
export function placeInStream(
  jobType: string,
  entity: Parameters<typeof streamHash>[0],
  version: number | undefined,
): Place | undefined {
  if (version === undefined) return undefined;
  return { orderingKey: `${jobType}:${streamHash(entity)}`, sequence: version };
}
