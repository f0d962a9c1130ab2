import { z } from 'zod';
import type { JobPage, OutboxJob } from '#outbox';
import { FAILURE_REASONS, JOB_STATUSES } from '#outbox';
import { eventDocument, showEvent } from '../../documents.ts';
import { cursor, id, limit, time, typeName } from '../../fields.ts';
import type { OpsDeps } from '../../ports.ts';
import {
  opsJobDocument,
  opsJobPageDocument,
  runDocument,
  showOpsJob,
  showRuns,
} from './job-documents.ts';
import { defineOpsRoute, jobParams, nothing } from './ops-route.ts';
import { malformed, noSuchJob } from './refusals.ts';

const filters = { orgId: id.optional(), jobType: typeName.optional() };
const page = { limit, cursor: cursor.optional() };

export const listJobs = defineOpsRoute({
  method: 'GET',
  path: '/v1/ops/jobs',
  operationId: 'listJobs',
  summary: 'Lists jobs of all organizations by their ids.',
  params: nothing,
  query: z.strictObject({ status: z.enum(JOB_STATUSES).optional(), ...filters, ...page }),
  refusals: [],
  answers: { 200: ['A page of jobs.', opsJobPageDocument] },
  handle: async ({ ops }, _visit, { query }) => {
    return { status: 200, body: showPage(await ops.jobs.list(query)) };
  },
});

export const listDeadLetters = defineOpsRoute({
  method: 'GET',
  path: '/v1/ops/dead-letters',
  operationId: 'listDeadLetters',
  summary: 'Lists dead letters of all organizations, the newest failure first.',
  params: nothing,
  query: z.strictObject({
    ...filters,
    reason: z.enum(FAILURE_REASONS).optional(),
    from: time.optional(),
    to: time.optional(),
    ...page,
  }),
  refusals: [],
  answers: { 200: ['A page of dead letters.', opsJobPageDocument] },
  handle: async ({ ops }, _visit, { query }) => {
    return { status: 200, body: showPage(await ops.jobs.deadLetters(query)) };
  },
});

const jobDetailDocument = z.strictObject({
  job: opsJobDocument,
  runs: z.array(runDocument),
  line: z
    .strictObject({
      orderingKey: z.string(),
      sequence: z.int(),
      inFront: opsJobDocument.optional(),
    })
    .optional(),
  event: eventDocument.optional(),
});

export const getJob = defineOpsRoute({
  method: 'GET',
  path: '/v1/ops/jobs/:jobId',
  operationId: 'getJob',
  summary: 'A job with its last runs, its event, and who is in front of it in its line.',
  params: jobParams,
  query: nothing,
  refusals: [404, 409],
  answers: {
    200: ['The job. `event` is absent where there is none any more.', jobDetailDocument],
  },
  handle: async ({ ops, events }, visit, { params: { jobId } }) => {
    const [row] = (await ops.store.readRows([jobId])).rows;
    if (row === undefined) throw noSuchJob();
    if (row.kind === 'malformed') throw malformed(row.problem);
    const { job } = row;
    const [event, line] = await Promise.all([
      job.eventId === undefined
        ? undefined
        : events.get({ orgId: job.orgId, eventId: job.eventId }),
      lineOf(ops, job),
    ]);
    const shown = { job: showOpsJob(job), runs: showRuns(job), line };
    return { status: 200, body: { ...shown, event: event && showEvent(event, visit) } };
  },
});

function showPage({ jobs, ...rest }: JobPage): unknown {
  return { jobs: jobs.map(showOpsJob), ...rest };
}

/** Undefined for a job that stands in none; the head is in front of all others. */
async function lineOf({ store }: Pick<OpsDeps, 'store'>, job: OutboxJob): Promise<unknown> {
  const { orderingKey, sequence } = job;
  if (orderingKey === undefined) return undefined;
  const [head] = (await store.readLine(orderingKey, 1)).rows;
  const isInFront = head?.kind === 'job' && head.job.id !== job.id;
  return { orderingKey, sequence, inFront: isInFront ? showOpsJob(head.job) : undefined };
}
