import type { EventQueries } from '#events/firestore';
import type { ArchiveDeps, RecordedEvent } from '#events';
import { placeInStream } from '#events';
import type { NewJob } from '#outbox';
import type { OperationKind } from '../operation-kind.ts';
import { besideArchive } from './beside-archive.ts';
import { estimateEvents, isOfType, queryOf } from './event-filter.ts';
import type { Replayable, ReplayParams } from './replay-params.ts';
import { replayParams } from './replay-params.ts';

/**
 * Gives events that were there when it began to named subscriptions again, by jobs of their own: another replay makes
 * others, and a step that is made again does not. Jobs of an ordered subscription stand in lines of this replay.
 */
export function replay(deps: {
  readonly events: Pick<EventQueries, 'list' | 'count'>;
  readonly archives: Pick<ArchiveDeps['source'], 'state'>;
  /** Those that there are. */
  readonly subscriptions: ReadonlyMap<string, Replayable>;
}): OperationKind<ReplayParams> {
  const { archives, events, subscriptions } = deps;
  return {
    kind: 'replay',
    params: replayParams(subscriptions),
    estimate: (params) => estimateEvents(events, params),
    step: besideArchive(archives, async ({ operationId, params, cursor, limit, startedAt }) => {
      const each = Math.max(1, Math.floor(limit / params.subscriptions.length));
      const query = { ...queryOf(params, startedAt), limit: each, cursor };
      const { events: page, nextCursor } = await events.list(query);
      const jobs = page.map((event) => jobsOf(event, params, { operationId, subscriptions }));
      const done = jobs.filter((ofEvent) => ofEvent.length > 0).length;
      const skipped = page.length - done;
      return {
        seen: page.length,
        done,
        ...(skipped === 0 ? {} : { skipped: { 'not-asked-for': skipped } }),
        reads: Math.max(1, page.length),
        jobs: jobs.flat(),
        cursor: nextCursor,
      };
    }),
  };
}

function jobsOf(
  event: RecordedEvent,
  params: ReplayParams,
  replaying: {
    readonly operationId: string;
    readonly subscriptions: ReadonlyMap<string, Replayable>;
  },
): NewJob[] {
  const { orgId, eventId, eventType, streamVersion, metadata } = event;
  const { operationId, subscriptions } = replaying;
  if (!isOfType(params, eventType)) return [];
  return params.subscriptions.flatMap((jobType) => {
    const subscription = subscriptions.get(jobType);
    if (subscription?.takes(eventType) !== true) return [];
    const place = subscription.isOrdered ? placeInStream(jobType, event, streamVersion) : undefined;
    const { correlationId } = metadata;
    return [
      {
        jobType,
        orgId,
        causeId: `${eventId}~${operationId}`,
        eventId,
        eventType,
        payload: { replay: true },
        priority: 'bulk',
        ...(place && {
          place: { ...place, orderingKey: `${place.orderingKey}~${operationId}` },
        }),
        metadata: { correlationId },
      },
    ];
  });
}
