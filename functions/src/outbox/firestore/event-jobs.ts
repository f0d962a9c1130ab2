import type { DocumentSnapshot, Firestore } from 'firebase-admin/firestore';
import { buildQuery } from '#kernel/firestore';
import type { OutboxJob } from '../model/job.ts';
import { OUTBOX } from '../record/record-job.ts';
import { JOBS_OF_EVENT } from './queries.ts';
import { rowOf } from './row.ts';

/** Whoever fans out to more is looked at page by page in the outbox itself. */
const MAX_JOBS = 200;

/** What became of events. */
export interface EventJobs {
  /** An event's first 200 jobs by their ids, and whether there are more. Costs a read for each, at least one. */
  readonly ofEvent: (
    orgId: string,
    eventId: string,
  ) => Promise<{ readonly jobs: readonly OutboxJob[]; readonly truncated: boolean }>;
}

/** Binds the question to a database. */
export function createEventJobs(firestore: Firestore): EventJobs {
  return {
    ofEvent: async (orgId, eventId) => {
      const limit = MAX_JOBS + 1;
      const rows = firestore.collection(OUTBOX);
      const query = buildQuery(rows, JOBS_OF_EVENT, { equals: { eventId }, limit });
      const { docs } = await query.get();
      const jobs = docs.slice(0, MAX_JOBS).flatMap(jobOf);
      return {
        jobs: jobs.filter((job) => job.orgId === orgId),
        truncated: docs.length > MAX_JOBS,
      };
    },
  };
}

/** A row that is no job is for repair to find. */
function jobOf(snapshot: DocumentSnapshot): OutboxJob[] {
  const row = rowOf(snapshot);
  return row?.kind === 'job' ? [row.job] : [];
}
