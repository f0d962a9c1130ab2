import { addWrite } from '../../functions/src/kernel/firestore/index.ts';
import { systemIds } from '../../functions/src/kernel/index.ts';
import { clearFirestore } from '../../functions/src/kernel/testing/clear-firestore.ts';
import type { NewJob } from '../../functions/src/outbox/index.ts';
import { recordPendingJob } from '../../functions/src/outbox/index.ts';
import { runMany } from './run-many.ts';
import { backend, firestore } from './backend.ts';

/** The job type of everything that is drained. */
export const JOB_TYPE = 'bench';
/** No tenant has more than its share of a sweep, so that nothing is moved to the bulk slots. */
const TENANTS = 1_000;
const BATCH_SIZE = 250;
const BATCHES_AT_A_TIME = 4;

export interface Backlog {
  readonly jobs: number;
  /** Set: the jobs stand in this many lines. */
  readonly streams: number | undefined;
}

/** Empties the database and writes jobs as an emit does, due one millisecond after the other until now. */
export async function seed({ jobs, streams }: Backlog): Promise<void> {
  await clearFirestore(firestore);
  const { slots } = backend.processor.settings;
  const firstDueMs = Date.now() - jobs;
  const starts = Array.from({ length: Math.ceil(jobs / BATCH_SIZE) }, (_, n) => n * BATCH_SIZE);
  await runMany(starts, BATCHES_AT_A_TIME, async (start) => {
    const batch = firestore.batch();
    for (let n = start; n < Math.min(jobs, start + BATCH_SIZE); n += 1) {
      const job = { ...aJob(n, streams), notBefore: new Date(firstDueMs + n) };
      addWrite(firestore, batch, recordPendingJob(job, { slots, maxAttempts: 5 }));
    }
    await batch.commit();
  });
}

function aJob(n: number, streams: number | undefined): NewJob {
  const eventId = systemIds.documentId();
  return {
    jobType: JOB_TYPE,
    orgId: `org${n % TENANTS}`,
    causeId: eventId,
    eventId,
    eventType: 'comment.added',
    metadata: { correlationId: systemIds.correlationId() },
    place: streams === undefined ? undefined : placeOf(n, streams),
  };
}

function placeOf(n: number, streams: number): NonNullable<NewJob['place']> {
  return { orderingKey: `${JOB_TYPE}:stream${n % streams}`, sequence: Math.floor(n / streams) + 1 };
}
