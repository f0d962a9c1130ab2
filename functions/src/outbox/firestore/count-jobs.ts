import type { AggregateField, AggregateQuery, Firestore } from 'firebase-admin/firestore';
import { buildCount } from '#kernel/firestore';
import type { JobCounts, StatusCounts } from '../questions/job-answers.ts';
import { OUTBOX } from '../record/record-job.ts';
import {
  BLOCKING_OF_ORG,
  BLOCKING_QUERY,
  ROWS_OF_ORG_AND_STATUS,
  ROWS_OF_ORG_TYPE_AND_STATUS,
  ROWS_OF_STATUS,
  ROWS_OF_TYPE_AND_STATUS,
} from './queries.ts';

type Count = AggregateQuery<{ count: AggregateField<number> }>;
type Ask = (query: Count) => Promise<number>;

/** Rows by status and type; see `JobQuestions.count`. */
export function countJobs(
  firestore: Firestore,
  jobTypes: readonly string[],
  orgId: string | undefined,
): Promise<JobCounts> {
  return atOneMoment(firestore, async (ask) => {
    const [blocked, total, ...counted] = await Promise.all([
      ask(blockingQuery(firestore, orgId)),
      countByStatus(firestore, ask, { orgId }),
      ...jobTypes.map((jobType) => countByStatus(firestore, ask, { orgId, jobType })),
    ]);
    const types = jobTypes.map((jobType, index) => ({ jobType, ...(counted[index] ?? NONE) }));
    return { total, types, others: rest(total, types), blocked };
  });
}

/** Rows by status, of each of these tenants; see `JobQuestions.countByOrg`. */
export function countJobsByOrg(
  firestore: Firestore,
  orgIds: readonly string[],
): Promise<StatusCounts[]> {
  return atOneMoment(firestore, (ask) =>
    Promise.all(orgIds.map((orgId) => countByStatus(firestore, ask, { orgId }))),
  );
}

/** Read-only, so that all are counted at one moment and nobody waits for it. */
function atOneMoment<T>(firestore: Firestore, work: (ask: Ask) => Promise<T>): Promise<T> {
  return firestore.runTransaction(
    (transaction) => work(async (query) => (await transaction.get(query)).data().count),
    { readOnly: true },
  );
}

const NONE: StatusCounts = { pending: 0, processing: 0, failed: 0 };

async function countByStatus(
  firestore: Firestore,
  ask: Ask,
  filters: { readonly orgId: string | undefined; readonly jobType?: string },
): Promise<StatusCounts> {
  const { orgId, jobType } = filters;
  const ofOrg = jobType === undefined ? ROWS_OF_ORG_AND_STATUS : ROWS_OF_ORG_TYPE_AND_STATUS;
  const ofAll = jobType === undefined ? ROWS_OF_STATUS : ROWS_OF_TYPE_AND_STATUS;
  const shape = orgId === undefined ? ofAll : ofOrg;
  const rows = firestore.collection(OUTBOX);
  const count = (status: string): Promise<number> =>
    ask(buildCount(rows, shape, { equals: { ...filters, status } }));
  const [pending, processing, failed] = await Promise.all([
    count('pending'),
    count('processing'),
    count('failed'),
  ]);
  return { pending, processing, failed };
}

function blockingQuery(firestore: Firestore, orgId: string | undefined): Count {
  const shape = orgId === undefined ? BLOCKING_QUERY : BLOCKING_OF_ORG;
  return buildCount(firestore.collection(OUTBOX), shape, { equals: { orgId, blocking: true } });
}

function rest(total: StatusCounts, types: readonly StatusCounts[]): StatusCounts {
  const without = (status: keyof StatusCounts): number =>
    types.reduce((left, counts) => left - counts[status], total[status]);
  return {
    pending: without('pending'),
    processing: without('processing'),
    failed: without('failed'),
  };
}
