import { z } from 'zod';
import type { BlockedLine } from '#outbox';
import { timeOf } from '../../documents.ts';
import { timeText } from '../../fields.ts';
import { defineOpsRoute, nothing } from './ops-route.ts';

/** Whoever has more of them looks at their dead letters by type. */
const MOST_LINES = 100;

const blockedLineDocument = z.strictObject({
  orderingKey: z.string(),
  jobId: z.string(),
  orgId: z.string().optional(),
  jobType: z.string().optional(),
  sequence: z.int().optional(),
  since: timeText.optional(),
  reason: z.string().optional(),
  problem: z.string().optional(),
  waiting: z.int(),
});

export const listBlockedStreams = defineOpsRoute({
  method: 'GET',
  path: '/v1/ops/streams/blocked',
  operationId: 'listBlockedStreams',
  summary: 'The lines that wait for a dead letter, and how many wait in each.',
  params: nothing,
  query: nothing,
  refusals: [],
  answers: {
    200: [
      'The first 100; `truncated` says that there are more. `waiting` is counted up to 999.',
      z.strictObject({ lines: z.array(blockedLineDocument), truncated: z.boolean() }),
    ],
  },
  handle: async ({ ops }) => {
    const { lines, truncated } = await ops.jobs.blockedLines(MOST_LINES);
    return { status: 200, body: { lines: lines.map(showLine), truncated } };
  },
});

function showLine({ job, ...line }: BlockedLine): z.input<typeof blockedLineDocument> {
  if (job === undefined) return line;
  const { orgId, jobType, sequence, failure } = job;
  const since = failure && timeOf(failure.at);
  return { ...line, orgId, jobType, sequence, since, reason: failure?.reason };
}
