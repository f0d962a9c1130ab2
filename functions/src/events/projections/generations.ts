import { z } from 'zod';
import type { DocumentData } from '#kernel';
import type { LogPage } from '../log/event-log-reader.ts';
import { settledPart, timeOfPlace } from '../log/event-log-reader.ts';

const position = z.object({ seconds: z.int(), nanoseconds: z.int(), id: z.string() });

const building = z.object({
  generation: z.int(),
  /** `replaying`: live events go to the live generation only; `following`: to both. */
  phase: z.enum(['replaying', 'following']),
  /** Every event to here has been applied; null before the first. */
  after: position.nullable(),
  /** In `following`: what is younger was live when both were already written. Null until it is known. */
  throughMs: z.int().nullable(),
  /** How many events the replay has gone through. */
  replayed: z.int(),
});

const generationsDocument = z.object({
  live: z.int(),
  /** The last number that was given to a generation; none is given twice. */
  newest: z.int(),
  building: building.nullable(),
  /** Generations that nobody writes any more, and whose documents are to be deleted. */
  retired: z.array(z.int()),
});

/** A generation that is being made. */
export type Building = z.output<typeof building>;

/** Which generations of a tenant's read model there are. */
export type Generations = z.output<typeof generationsDocument>;

/** Before anybody rebuilt anything. */
const FIRST: Generations = { live: 1, newest: 1, building: null, retired: [] };

/** Where a projection's generations are kept, for each tenant. */
export function statePath(projectionId: string, orgId: string): string {
  return `projection_state/${projectionId}~${orgId}`;
}

/** The stored generations; throws for a document that says something else. */
export function decodeGenerations(data: DocumentData | undefined): Generations {
  return data === undefined ? FIRST : generationsDocument.parse(data);
}

/** With a new generation to be made. There must be none. */
export function withBuilding(generations: Generations): Generations {
  const generation = generations.newest + 1;
  const begun: Building = {
    generation,
    phase: 'replaying',
    after: null,
    throughMs: null,
    replayed: 0,
  };
  return { ...generations, newest: generation, building: begun };
}

/** Without the generation that was being made. */
export function withoutBuilding(generations: Generations): Generations {
  const { building: given, retired } = generations;
  if (given === null) return generations;
  return { ...generations, building: null, retired: [...retired, given.generation] };
}

/** What a page of the replay comes to. */
export interface ReplayStep {
  /** To be applied to the generation that is being made, in the commit that writes `generations`. */
  readonly page: LogPage;
  readonly generations: Generations;
}

/**
 * What to do with a page that was read after the building generation's cursor.
 *
 * Replaying, only what is settled is taken: nothing can appear behind the cursor any more. At its end live
 * events are written to both generations from this commit on. The events that had their jobs before it
 * were committed before it too: so a page read after it has them, and their times are not after it.
 * When the replay has gone through all of these, the new generation has everything, and is live.
 */
export function planReplay(generations: Generations, given: Building, read: LogPage): ReplayStep {
  const page = given.phase === 'replaying' ? settledPart(read) : read;
  const next: Building = {
    ...given,
    after: page.last ?? given.after,
    replayed: given.replayed + page.events.length,
  };
  if (given.phase === 'replaying') {
    const phase = page.isLast ? 'following' : 'replaying';
    return { page, generations: { ...generations, building: { ...next, phase } } };
  }
  const throughMs = given.throughMs ?? read.readAtMs;
  const isPast = page.last !== undefined && timeOfPlace(page.last) > throughMs;
  if (!page.isLast && !isPast) {
    return { page, generations: { ...generations, building: { ...next, throughMs } } };
  }
  const { live, retired } = generations;
  const switched = { live: given.generation, building: null, retired: [...retired, live] };
  return { page, generations: { ...generations, ...switched } };
}
