import type { DocumentSnapshot, Firestore } from 'firebase-admin/firestore';
import type { DocumentReader } from '#kernel';
import { buildQuery, millisOf } from '#kernel/firestore';
import type { OutboxStore } from '#outbox';
import { jobId } from '#outbox';
import type { Catalog } from '../catalog/catalog.ts';
import { decodeGenerations, statePath } from '../projections/generations.ts';
import type { Projection } from '../projections/projection.ts';
import type { StatusFacts, UnfinishedJob } from '../projections/status.ts';
import { MAX_JOBS } from '../projections/status.ts';
import type { RecordedEvent } from '../queries/event-page.ts';
import { listEvents } from './list-events.ts';
import { JOBS_OF_SUBSCRIPTION } from './queries.ts';

const UNFINISHED = ['pending', 'processing', 'failed'];
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
    const jobs = buildQuery(firestore.collection('outbox'), JOBS_OF_SUBSCRIPTION, {
      equals: { orgId, jobType: id, status: UNFINISHED },
      limit: MAX_JOBS,
    });
    const newest = { orgId, limit: NEWEST_EVENTS };
    const [generations, { pauses }, { docs, readTime }, { events }] = await Promise.all([
      reader.get(statePath(id, orgId)),
      store.readControls(),
      jobs.get(),
      listEvents(firestore, catalog, newest),
    ]);
    return {
      generations: decodeGenerations(generations.data),
      pauses,
      unfinished: docs.map(jobOf),
      lastEvent: await findApplied(reader, id, events),
      readAtMs: readTime.toMillis(),
    };
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
    status: String(row.get('status')),
    openedAtMs: millisOf(row.get('openedAt')) ?? 0,
    lastError: error && { ...error, atMs: millisOf(error.at) ?? 0 },
  };
}
