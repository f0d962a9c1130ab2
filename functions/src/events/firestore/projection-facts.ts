import type { DocumentSnapshot, Firestore } from 'firebase-admin/firestore';
import type { DocumentReader } from '#kernel';
import { buildCount, buildQuery, millisOf } from '#kernel/firestore';
import type { OutboxStore } from '#outbox';
import { jobId } from '#outbox';
import type { Catalog } from '../catalog/catalog.ts';
import { decodeGenerations, statePath } from '../projections/generations.ts';
import type { Projection } from '../projections/projection.ts';
import type { StatusFacts, UnfinishedJob } from '../projections/status.ts';
import { MAX_JOBS } from '../projections/status.ts';
import type { RecordedEvent } from '../queries/event-page.ts';
import { listEvents } from './list-events.ts';
import { DEAD_LETTERS_OF_SUBSCRIPTION, JOBS_OF_SUBSCRIPTION } from './queries.ts';

const WAITING = ['pending', 'processing'];
/** The tenant's newest events among which the last one applied is looked for. */
const NEWEST_EVENTS = 20;

interface FactsDeps {
  readonly catalog: Catalog;
  readonly reader: DocumentReader;
  readonly store: Pick<OutboxStore, 'readControls'>;
}

/**
 * What the outbox and the log know of a read model. A document that every event wrote would hold a tenant
 * to about one event a second; this is asked for now and then.
 */
export function createReadFacts(firestore: Firestore, { catalog, reader, store }: FactsDeps) {
  return async ({ id }: Projection, orgId: string): Promise<StatusFacts> => {
    const newest = { orgId, limit: NEWEST_EVENTS };
    const [generations, { pauses }, jobs, { events }] = await Promise.all([
      reader.get(statePath(id, orgId)),
      store.readControls(),
      readJobs(firestore, id, orgId),
      listEvents(firestore, catalog, newest),
    ]);
    return {
      ...jobs,
      generations: decodeGenerations(generations.data),
      pauses,
      lastEvent: await findApplied(reader, id, events),
    };
  };
}

/** Each kind is asked for by itself: any number of dead letters hides none of those that wait. */
async function readJobs(
  firestore: Firestore,
  jobType: string,
  orgId: string,
): Promise<Omit<StatusFacts, 'generations' | 'pauses' | 'lastEvent'>> {
  const outbox = firestore.collection('outbox');
  const waiting = { equals: { orgId, jobType, status: WAITING } };
  const failed = { equals: { orgId, jobType, status: 'failed' } };
  const one = { ...failed, limit: 1 };
  const [{ docs, readTime }, waitingCount, failedCount, deadLetters] = await Promise.all([
    buildQuery(outbox, JOBS_OF_SUBSCRIPTION, { ...waiting, limit: MAX_JOBS }).get(),
    buildCount(outbox, JOBS_OF_SUBSCRIPTION, waiting).get(),
    buildCount(outbox, JOBS_OF_SUBSCRIPTION, failed).get(),
    buildQuery(outbox, DEAD_LETTERS_OF_SUBSCRIPTION, one).get(),
  ]);
  return {
    unfinished: docs.map(jobOf),
    waiting: waitingCount.data().count,
    failed: failedCount.data().count,
    newestDeadLetter: deadLetters.docs.map(jobOf)[0],
    readAtMs: readTime.toMillis(),
  };
}

/** The newest of these events whose job is done: sent, or so long ago that its row is gone. */
async function findApplied(
  reader: DocumentReader,
  jobType: string,
  events: readonly RecordedEvent[],
): Promise<RecordedEvent | undefined> {
  const own = events.filter(({ jobTypes }) => jobTypes.includes(jobType));
  const ids = own.map(({ orgId, eventId }) => jobId({ jobType, orgId, causeId: eventId }));
  const rows = await reader.getAll(ids.map((job) => `outbox/${job}`));
  return own.find((_, index) => {
    const row = rows[index]?.data;
    return row === undefined || row['status'] === 'sent';
  });
}

function jobOf(row: DocumentSnapshot): UnfinishedJob {
  const error = row.get('lastError') as { code: string; message: string; at: unknown } | undefined;
  return {
    openedAtMs: millisOf(row.get('openedAt')) ?? 0,
    lastError: error && { ...error, atMs: millisOf(error.at) ?? 0 },
  };
}
