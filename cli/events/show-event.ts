import { answerOf } from '../api/answer.ts';
import type { components } from '../api/contract.ts';
import type { Context } from '../context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { jobColumns, type AnyJob } from '../jobs/job.ts';
import { formatFields, formatTable, type Column } from '../output/table.ts';
import { cleanLines, formatTime } from '../output/text.ts';

export type Event = components['schemas']['Event'];

export const EVENT_COLUMNS: readonly Column<Event>[] = [
  { title: 'recorded', read: ({ recordedAt }) => formatTime(recordedAt) },
  { title: 'event', read: ({ eventType }) => eventType },
  { title: 'of', read: entityOf },
  { title: 'by', read: actorOf, least: 8 },
  { title: 'id', read: ({ eventId }) => eventId },
];

/** `invoice 123, version 4` */
export function entityOf({ entityType, entityId, streamVersion }: Event): string {
  const version = streamVersion === undefined ? '' : `, version ${streamVersion}`;
  return `${entityType} ${entityId}${version}`;
}

export function actorOf({ actor }: Event): string {
  return `${actor.actorType} ${actor.actorId}`;
}

/** `outbox event` */
export async function showEvent(
  { api, output }: Context,
  eventId: string,
  orgId: string,
): Promise<ExitCode> {
  const params = { path: { eventId }, header: { 'X-Org-Id': orgId } };
  const [event, { jobs, truncated }] = await Promise.all([
    answerOf(api.GET('/v1/events/{eventId}', { params })),
    answerOf(api.GET('/v1/events/{eventId}/jobs', { params })),
  ]);
  output.show({ event, jobs, truncated }, () =>
    [
      describeEvent(event),
      cleanLines(JSON.stringify(event.payload, null, 2)),
      jobs.length === 0 ? 'No job.' : formatTable(jobColumns<AnyJob>(output), jobs, output.width),
    ].join('\n\n'),
  );
  if (truncated && !output.isJson) output.note('It has more jobs than these.');
  return EXIT_CODES.ok;
}

function describeEvent(event: Event): string {
  const { metadata } = event;
  return formatFields([
    ['id', event.eventId],
    ['event', `${event.eventType}, version ${event.schemaVersion}`],
    ['of', entityOf(event)],
    ['organization', event.orgId],
    ['matter', event.matterId],
    ['by', actorOf(event)],
    ['recorded', event.recordedAt],
    ['occurred', event.occurredAt],
    ['correlation', metadata.correlationId],
    ['caused by', metadata.causationId],
    ['source', metadata.sourceService],
    ['related', event.related.join(', ')],
  ]);
}
