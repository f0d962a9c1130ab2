import { z } from 'zod';
import { timeText, id } from '../../fields.ts';
import { timeOf } from '../../documents.ts';
import type { OpsDeps, SubscriptionFacts } from '../../ports.ts';
import { defineOpsRoute, nothing } from './ops-route.ts';

const statusCounts = { pending: z.int(), processing: z.int(), failed: z.int() };
const statusCountsDocument = z.strictObject(statusCounts);

export const getStats = defineOpsRoute({
  method: 'GET',
  path: '/v1/ops/stats',
  operationId: 'getStats',
  summary: 'How many jobs wait, are being run and are dead letters, by type.',
  params: nothing,
  query: z.strictObject({ orgId: id.optional() }),
  refusals: [],
  answers: {
    200: [
      'The counts, all of one moment; `others` are of types without a subscription here.',
      z.strictObject({
        total: statusCountsDocument,
        types: z.array(z.strictObject({ jobType: z.string(), ...statusCounts })),
        others: statusCountsDocument,
        blockedLines: z.int(),
      }),
    ],
  },
  handle: async ({ ops }, _visit, { query: { orgId } }) => {
    const { blocked, ...counts } = await ops.jobs.count(jobTypesOf(ops), orgId);
    return { status: 200, body: { ...counts, blockedLines: blocked } };
  },
});

const subscriptionDocument = z.strictObject({
  id: z.string(),
  patterns: z.array(z.string()),
  kind: z.enum(['transactional', 'external']),
  ordered: z.enum(['block', 'pass-over']).optional(),
  policy: z.strictObject({
    initialMs: z.number(),
    multiplier: z.number(),
    maxMs: z.number(),
    maxAttempts: z.int(),
    jitter: z.number(),
    maxAgeMs: z.number(),
  }),
  ...statusCounts,
  newestDeadLetter: z
    .strictObject({
      jobId: z.string(),
      reason: z.string(),
      at: timeText,
      code: z.string().optional(),
      message: z.string().optional(),
    })
    .optional(),
});

export const listSubscriptions = defineOpsRoute({
  method: 'GET',
  path: '/v1/ops/subscriptions',
  operationId: 'listSubscriptions',
  summary:
    'Who reacts to what, how many of its jobs wait and are dead letters, and the newest error.',
  params: nothing,
  query: nothing,
  refusals: [],
  answers: {
    200: [
      'All of them; `patterns` is empty where other jobs make its jobs.',
      z.strictObject({ subscriptions: z.array(subscriptionDocument) }),
    ],
  },
  handle: async ({ ops }) => {
    const { types } = await ops.jobs.count(jobTypesOf(ops));
    const subscriptions = await Promise.all(
      ops.subscriptions.map(async (subscription, index) => {
        const { jobType: _, ...counts } = types[index] ?? {};
        const newestDeadLetter = await newestOf(ops, subscription.id);
        return { ...showSubscription(subscription), ...counts, newestDeadLetter };
      }),
    );
    return { status: 200, body: { subscriptions } };
  },
});

/** The job types of this deployment. */
export function jobTypesOf({ subscriptions }: Pick<OpsDeps, 'subscriptions'>): string[] {
  return subscriptions.map((subscription) => subscription.id);
}

function showSubscription({ id: name, pattern, kind, ordered, policy }: SubscriptionFacts): object {
  const patterns = pattern === undefined ? [] : [pattern].flat();
  return { id: name, patterns, kind, ordered, policy };
}

async function newestOf({ jobs }: Pick<OpsDeps, 'jobs'>, jobType: string): Promise<unknown> {
  const [job] = (await jobs.deadLetters({ jobType, limit: 1 })).jobs;
  if (job?.failure === undefined) return undefined;
  const { reason, at } = job.failure;
  const { code, message } = job.lastError ?? {};
  return { jobId: job.id, reason, at: timeOf(at), code, message };
}
