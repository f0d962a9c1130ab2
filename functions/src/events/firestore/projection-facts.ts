import type { DocumentSnapshot, Firestore } from 'firebase-admin/firestore';
import type { DocumentReader } from '#kernel';
import { buildCount, buildQuery, millisOf } from '#kernel/firestore';
import type { OutboxStore } from '#outbox';
import { jobId } from '#outbox';
import { matches } from '../bus/pattern.ts';
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
  return async (projection: Projection, orgId: string): Promise<StatusFacts> => {
    const { id } = projection;
    const generations = decodeGenerations((await reader.get(statePath(id, orgId))).data);
    const completeToMs = generations?.completeToMs ?? -Infinity;
    const newest = { orgId, limit: NEWEST_EVENTS };
    const [{ pauses }, jobs, { events }] = await Promise.all([
      store.readControls(),
      readJobs(firestore, { orgId, jobType: id }, completeToMs),
      listEvents(firestore, catalog, newest),
    ]);
    const lastEvent = await findApplied(reader, { projection, completeToMs }, events);
    return { ...jobs, generations, pauses, lastEvent };
  };
}

/**
 * Each kind is asked for by itself: any number of dead letters hides none of those that wait. What failed before
 * the live generation had everything, it has.
 */
async function readJobs(
  firestore: Firestore,
  whose: { readonly orgId: string; readonly jobType: string },
  completeToMs: number,
): Promise<Omit<StatusFacts, 'generations' | 'pauses' | 'lastEvent'>> {
  const outbox = firestore.collection('outbox');
  const waiting = { equals: { ...whose, status: WAITING } };
  const since = Number.isFinite(completeToMs) ? { fromMs: completeToMs + 1 } : {};
  const failed = { equals: { ...whose, status: 'failed' }, ...since };
  const one = { ...failed, limit: 1 };
  const [{ docs, readTime }, waitingCount, failedCount, deadLetters] = await Promise.all([
    buildQuery(outbox, JOBS_OF_SUBSCRIPTION, { ...waiting, limit: MAX_JOBS }).get(),
    buildCount(outbox, JOBS_OF_SUBSCRIPTION, waiting).get(),
    buildCount(outbox, DEAD_LETTERS_OF_SUBSCRIPTION, failed).get(),
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

/**
 * The newest of these events that is in the live generation: since it was recorded before that had everything,
 * or since its job is done, which is sent, or so long ago that its row is gone.
 */
async function findApplied(
  reader: DocumentReader,
  { projection, completeToMs }: { readonly projection: Projection; readonly completeToMs: number },
  events: readonly RecordedEvent[],
): Promise<RecordedEvent | undefined> {
  const { id: jobType, pattern } = projection;
  const own = events.filter(({ eventType }) => matches(pattern, eventType));
  const ids = own.map(({ orgId, eventId }) => jobId({ jobType, orgId, causeId: eventId }));
  const rows = await reader.getAll(ids.map((job) => `outbox/${job}`));
  return own.find(({ recordedAt, jobTypes }, index) => {
    if (recordedAt.getTime() <= completeToMs) return true;
    const row = rows[index]?.data;
    return jobTypes.includes(jobType) && (row === undefined || row['status'] === 'sent');
  });
}

function jobOf(row: DocumentSnapshot): UnfinishedJob {
  const error = row.get('lastError') as { code: string; message: string; at: unknown } | undefined;
  return {
    openedAtMs: millisOf(row.get('openedAt')) ?? 0,
    lastError: error && { ...error, atMs: millisOf(error.at) ?? 0 },
  };
}
