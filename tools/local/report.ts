import type { Deliveries, JobRecord } from './deliveries.ts';
import { nameOf, type Expectation } from './expectations.ts';
import { formatTable } from './table.ts';

/** event → job → attempts → outcome → milliseconds, an event's jobs below each other. */
export function formatDeliveries(
  { events, jobs }: Deliveries,
  people: Pick<Expectation, 'participants'>,
): string {
  const rows = events.flatMap((event) =>
    jobs
      .filter(({ eventId }) => eventId === event.eventId)
      .map((job, index) => ({ event: index === 0 ? event.eventType : '', job })),
  );
  return formatTable<{ event: string; job: JobRecord }>(
    [
      { title: 'event', read: ({ event }) => event },
      { title: 'job', read: ({ job }) => job.jobType },
      { title: 'for', read: ({ job }) => nameOf(job.recipientUid ?? '', people) },
      { title: 'attempts', align: 'right', read: ({ job }) => String(job.attempts) },
      { title: 'outcome', read: ({ job }) => describeOutcome(job) },
      { title: 'ms', align: 'right', read: ({ job }) => describeDuration(job) },
    ],
    rows,
  );
}

function describeOutcome({ status, lastErrorCode }: JobRecord): string {
  if (lastErrorCode === undefined) return status;
  return status === 'sent' ? `sent after ${lastErrorCode}` : `${status} (${lastErrorCode})`;
}

function describeDuration({ createdAtMs, sentAtMs }: JobRecord): string {
  return sentAtMs === undefined ? '' : String(sentAtMs - createdAtMs);
}
