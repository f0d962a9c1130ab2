import { z } from 'zod';
import type { EventFilter } from './event-filter.ts';
import { eventFilter, isForward, NOT_FORWARD } from './event-filter.ts';

/** A subscription that old events can be given to again. */
export interface Replayable {
  /** Whether it takes events of a type. */
  readonly takes: (eventType: string) => boolean;
  readonly isOrdered: boolean;
  /** Whether something leaves Firestore by it, or by the jobs it makes. */
  readonly hasSideEffects: boolean;
  /** Whether it counts what it is given: given again, it would count it again. */
  readonly counts: boolean;
}

/** So many jobs for each event at most: those of a step are one commit. */
const MOST_SUBSCRIPTIONS = 10;

/** As `sideEffects` is said. */
export const namedAgain = z.array(z.string()).min(1).max(MOST_SUBSCRIPTIONS).optional();

/** Which events are given again, and to whom: nobody whom the caller did not name. */
export interface ReplayParams extends EventFilter {
  readonly subscriptions: readonly string[];
  /** Those of them, named again, by which what left Firestore before may leave it again. */
  readonly sideEffects?: readonly string[] | undefined;
}

/** As it is held to the subscriptions that there are. */
export function replayParams(known: ReadonlyMap<string, Replayable>): z.ZodType<ReplayParams> {
  return z
    .strictObject({
      ...eventFilter,
      subscriptions: z.array(z.string()).min(1).max(MOST_SUBSCRIPTIONS),
      sideEffects: namedAgain,
    })
    .refine(isForward, NOT_FORWARD)
    .superRefine(({ subscriptions, sideEffects = [] }, context) => {
      refuseStrangers(subscriptions, sideEffects, context);
      for (const [index, id] of subscriptions.entries()) {
        const isTwice = subscriptions.indexOf(id) !== index;
        const message = isTwice ? 'said twice' : refusalOf(known, id, sideEffects);
        if (message === undefined) continue;
        context.addIssue({ code: 'custom', path: ['subscriptions', index], message });
      }
    });
}

/** Why nobody may give it old events; undefined where they may. */
export function refusalOf(
  known: ReadonlyMap<string, Replayable>,
  id: string,
  sideEffects: readonly string[],
): string | undefined {
  const found = known.get(id);
  if (found === undefined) return `expected one of ${[...known.keys()].join(', ')}`;
  if (found.counts) return 'it would count the events again: rebuild it instead';
  if (found.hasSideEffects && !sideEffects.includes(id)) {
    return 'what it sends would be sent again: name it in sideEffects too if it is to be';
  }
  return undefined;
}

/** A name that is wrong would be taken for one that was meant. */
export function refuseStrangers(
  subscriptions: readonly string[],
  sideEffects: readonly string[],
  context: z.RefinementCtx,
): void {
  for (const [index, id] of sideEffects.entries()) {
    if (subscriptions.includes(id)) continue;
    const message = `expected one of those that are asked for: ${subscriptions.join(', ')}`;
    context.addIssue({ code: 'custom', path: ['sideEffects', index], message });
  }
}
