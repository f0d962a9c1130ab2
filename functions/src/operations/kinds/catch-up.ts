import { z } from 'zod';
import type { EventQueries } from '#events/firestore';
import type { ArchiveDeps, RecordedEvent } from '#events';
import { placeInStream } from '#events';
import type { NewJob } from '#outbox';
import type { OperationKind } from '../operation-kind.ts';
import { besideArchive } from './beside-archive.ts';
import type { EventFilter } from './event-filter.ts';
import {
  estimateEvents,
  isForward,
  isOfType,
  NOT_FORWARD,
  queryOf,
  timeFilter,
} from './event-filter.ts';
import type { Replayable } from './replay-params.ts';
import { namedAgain, refusalOf, refuseStrangers } from './replay-params.ts';

interface Params extends EventFilter {
  readonly subscription: string;
  /** It, named again, where what left Firestore may leave it. */
  readonly sideEffects?: readonly string[] | undefined;
}

/**
 * Gives a subscription the events that were recorded before there was one: a job for each that was recorded without,
 * at the id that it would have had then. So what has a job, by whatever way, gets no second. Jobs of an ordered
 * subscription stand in its own lines, before those of later events that still wait.
 */
export function catchUp(deps: {
  readonly events: Pick<EventQueries, 'list' | 'count'>;
  readonly archives: Pick<ArchiveDeps['source'], 'state'>;
  /** Those that there are. */
  readonly subscriptions: ReadonlyMap<string, Replayable>;
}): OperationKind<Params> {
  const { archives, events, subscriptions } = deps;
  return {
    kind: 'catch-up',
    params: catchUpParams(subscriptions),
    estimate: (params) => estimateEvents(events, params),
    step: besideArchive(archives, async ({ params, cursor, limit, startedAt }) => {
      const query = { ...queryOf(params, startedAt), limit, cursor };
      const { events: page, nextCursor } = await events.list(query);
      const found = page.map((event) => jobOf(event, params, subscriptions));
      const jobs = found.filter((one) => typeof one !== 'string');
      const whys = Map.groupBy(
        found.filter((one) => typeof one === 'string'),
        (why) => why,
      );
      return {
        seen: page.length,
        done: jobs.length,
        skipped: Object.fromEntries([...whys].map(([why, all]) => [why, all.length])),
        reads: Math.max(1, page.length),
        jobs,
        cursor: nextCursor,
      };
    }),
  };
}

function catchUpParams(known: ReadonlyMap<string, Replayable>): z.ZodType<Params> {
  return z
    .strictObject({
      ...timeFilter,
      subscription: z.string(),
      sideEffects: namedAgain,
    })
    .refine(isForward, NOT_FORWARD)
    .superRefine(({ subscription, sideEffects = [] }, context) => {
      refuseStrangers([subscription], sideEffects, context);
      const message = refusalOf(known, subscription, sideEffects);
      if (message !== undefined) {
        context.addIssue({ code: 'custom', path: ['subscription'], message });
      }
    });
}

/** The job that an event lacks, or why it gets none. */
function jobOf(
  event: RecordedEvent,
  params: Params,
  subscriptions: ReadonlyMap<string, Replayable>,
): NewJob | 'not-asked-for' | 'has-its-job' {
  const { orgId, eventId, eventType, streamVersion, metadata } = event;
  const { subscription: jobType } = params;
  const subscription = subscriptions.get(jobType);
  if (subscription?.takes(eventType) !== true || !isOfType(params, eventType)) {
    return 'not-asked-for';
  }
  if (event.jobTypes.includes(jobType)) return 'has-its-job';
  const { correlationId } = metadata;
  return {
    jobType,
    orgId,
    causeId: eventId,
    eventId,
    eventType,
    payload: { catchUp: true },
    priority: 'bulk',
    place: subscription.isOrdered ? placeInStream(jobType, event, streamVersion) : undefined,
    metadata: { correlationId },
  };
}
