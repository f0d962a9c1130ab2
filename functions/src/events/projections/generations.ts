import { z } from 'zod';
import type { DocumentData } from '#kernel';
import { CodedError, problemsOf } from '#kernel';
import { withDates } from '../emit/stored-value.ts';
import type { LogPage } from '../log/event-log-reader.ts';
import { settledPart, timeOfPlace } from '../log/event-log-reader.ts';

const position = z.object({ seconds: z.int(), nanoseconds: z.int(), id: z.string() });

const stop = z.object({
  code: z.string(),
  message: z.string(),
  at: z.unknown().transform(withDates).pipe(z.date()),
});

const building = z.object({
  generation: z.string(),
  /** `replaying`: live events go to the live generation only; `following`: to both. */
  phase: z.enum(['replaying', 'following']),
  /** Every event to here has been applied; null before the first. */
  after: position.nullable(),
  /** In `following`: what is younger was live when both were already written. Null until it is known. */
  throughMs: z.int().nullable(),
  /** Where it was when it began to follow: to here all was settled, and what comes after may come late. */
  settledTo: position.nullable().default(null),
  /** How many events the replay has gone through, those that it came to again among them. */
  replayed: z.int(),
  /** Why the last step got no further; null where it did. The next one tries again. */
  stoppedBy: stop.nullable(),
});

const generationsDocument = z.object({
  live: z.string(),
  /** The live one has every event of the log that was recorded by then; null where it was not made of the log. */
  completeToMs: z.int().nullable().default(null),
  /** The last number that was given to a generation. */
  newest: z.int(),
  building: building.nullable(),
  /** Generations that nobody writes any more, and whose documents are to be deleted. */
  retired: z.array(z.string()),
});

/** A generation that is being made. */
export type Building = z.output<typeof building>;

/**
 * Which generations of a tenant's read model there are. Each is called by a number, for people, and a token
 * that is never given again: whoever loses this document and begins anew finds neither documents nor markers of
 * those that had the same numbers.
 */
export type Generations = z.output<typeof generationsDocument>;

/** With one that is being made. */
export type BeingBuilt = Generations & { readonly building: Building };

/** A read model that nothing was applied to yet. `token`: never used before, of `A-Za-z0-9:~._-`. */
export function firstGeneration(token: string): Generations {
  return { live: called(1, token), completeToMs: null, newest: 1, building: null, retired: [] };
}

function called(number: number, token: string): string {
  return `${number}-${token}`;
}

/** Where a projection's generations are kept, for each tenant. */
export function statePath(projectionId: string, orgId: string): string {
  return `projection_state/${projectionId}~${orgId}`;
}

/**
 * The stored generations, undefined where there are none yet; throws `projection-failed` for a document that says
 * something else, with the path of every problem.
 */
export function decodeGenerations(data: DocumentData | undefined): Generations | undefined {
  if (data === undefined) return undefined;
  const { data: generations, error } = generationsDocument.safeParse(data);
  if (generations !== undefined) return generations;
  const message = 'What projection_state keeps of the read model is damaged. Mend or delete it';
  throw new CodedError('projection-failed', message, problemsOf(error?.issues ?? []));
}

/** With a new generation to be made; as it is where there is one already. `token`: see `firstGeneration`. */
export function withBuilding(generations: Generations, token: string): BeingBuilt {
  const { building: given } = generations;
  if (given !== null) return { ...generations, building: given };
  const newest = generations.newest + 1;
  const begun: Building = {
    generation: called(newest, token),
    phase: 'replaying',
    after: null,
    throughMs: null,
    settledTo: null,
    replayed: 0,
    stoppedBy: null,
  };
  return { ...generations, newest, building: begun };
}

const MAX_MESSAGE_LENGTH = 1_000;

/** With what stopped the generation that is being made. */
export function withStop(
  generations: BeingBuilt,
  { code, message }: CodedError,
  atMs: number,
): BeingBuilt {
  const said = message.slice(0, MAX_MESSAGE_LENGTH).toWellFormed();
  const stoppedBy = { code, message: said, at: new Date(atMs) };
  return { ...generations, building: { ...generations.building, stoppedBy } };
}

/**
 * With one that follows no live events any more, since it could not take one: its replay goes on from where it
 * began to follow, as what is applied to the live generation alone from now on may have any time since then.
 */
export function withReplayAgain(generations: BeingBuilt): BeingBuilt {
  const { building: given } = generations;
  const again = { phase: 'replaying', after: given.settledTo, throughMs: null } as const;
  return { ...generations, building: { ...given, ...again } };
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
    stoppedBy: null,
  };
  if (given.phase === 'replaying') {
    const phase = page.isLast ? 'following' : 'replaying';
    const { after: settledTo } = next;
    return { page, generations: { ...generations, building: { ...next, phase, settledTo } } };
  }
  const throughMs = given.throughMs ?? read.readAtMs;
  const isPast = page.last !== undefined && timeOfPlace(page.last) > throughMs;
  if (!page.isLast && !isPast) {
    return { page, generations: { ...generations, building: { ...next, throughMs } } };
  }
  const { live, retired } = generations;
  const made = { live: given.generation, completeToMs: throughMs, building: null };
  return { page, generations: { ...generations, ...made, retired: [...retired, live] } };
}
