import type { Firestore } from 'firebase-admin/firestore';
import { buildQuery } from '#kernel/firestore';
import { OUTBOX } from '../record/record-job.ts';
import { JOBS_OF_EVENT } from './queries.ts';

/** Values that a query may ask any of. */
const EVENTS_AT_A_TIME = 30;
/** Rows read at a time; they are small, but for their payloads. */
const PAGE_SIZE = 300;

/** Which of some events have a job that was not sent, and how many rows were read to know. */
export type FindUnsent = (
  eventIds: readonly string[],
) => Promise<{ readonly eventIds: ReadonlySet<string>; readonly reads: number }>;

/**
 * Finds events with a row whose status is anything but `sent`, whatever else the row is: it may be run yet. Costs a
 * read for each row of the events, and at least one for every 30 events.
 */
export function createFindUnsent(firestore: Firestore): FindUnsent {
  return async (eventIds) => {
    const parts = Array.from({ length: Math.ceil(eventIds.length / EVENTS_AT_A_TIME) }, (_, part) =>
      eventIds.slice(part * EVENTS_AT_A_TIME, (part + 1) * EVENTS_AT_A_TIME),
    );
    const found = await Promise.all(parts.map((part) => findAmong(firestore, part)));
    return {
      eventIds: new Set(found.flatMap((part) => part.eventIds)),
      reads: found.reduce((sum, { reads }) => sum + reads, 0),
    };
  };
}

async function findAmong(
  firestore: Firestore,
  eventIds: readonly string[],
): Promise<{ readonly eventIds: readonly string[]; readonly reads: number }> {
  const rows = firestore.collection(OUTBOX);
  const unsent: string[] = [];
  let reads = 0;
  let afterId: string | undefined;
  for (;;) {
    const values = { equals: { eventId: eventIds }, afterId, limit: PAGE_SIZE };
    const query = buildQuery(rows, JOBS_OF_EVENT, values).select('eventId', 'status');
    const { docs } = await query.get();
    const open = docs.filter((row) => row.get('status') !== 'sent');
    unsent.push(...open.map((row) => String(row.get('eventId'))));
    reads += Math.max(1, docs.length);
    if (docs.length < PAGE_SIZE) return { eventIds: unsent, reads };
    afterId = docs.at(-1)?.id;
  }
}
