import { z } from 'zod';
import { HOUR_MS } from '#kernel';
import type { Pause } from '#outbox';
import { slotsToRead } from '#outbox';
import type { MetricsReport } from '../../../metrics/index.ts';
import { reportOf } from '../../../metrics/index.ts';
import { timeText, id } from '../../fields.ts';
import { timeOf } from '../../documents.ts';
import type { OpsDeps, SubscriptionFacts } from '../../ports.ts';
import { defineOpsRoute, nothing } from './ops-route.ts';

/** Of rows, in an answer. */
export const statusCounts = { pending: z.int(), processing: z.int(), failed: z.int() };
const statusCountsDocument = z.strictObject(statusCounts);

const sentDocument = z.strictObject({
  since: timeText,
  total: z.int(),
  types: z.record(z.string(), z.int()),
});

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
      'The counts, all of one moment; `others` are of types without a subscription here. `slots`, open rows that are not paused, and `sent`, in the last hour, are of all organizations only: sent rows are not counted, the metrics know.',
      z.strictObject({
        total: statusCountsDocument,
        types: z.array(z.strictObject({ jobType: z.string(), ...statusCounts })),
        others: statusCountsDocument,
        blockedLines: z.int(),
        slots: z.array(z.strictObject({ slot: z.int(), open: z.int() })).optional(),
        sent: sentDocument.optional(),
      }),
    ],
  },
  handle: async ({ ops }, _visit, { query: { orgId } }) => {
    const [{ blocked, ...counts }, slots, sent] = await Promise.all([
      ops.jobs.count(jobTypesOf(ops), orgId),
      orgId === undefined ? openBySlot(ops) : undefined,
      orgId === undefined ? sentLately(ops) : undefined,
    ]);
    return { status: 200, body: { ...counts, blockedLines: blocked, slots, sent } };
  },
});

async function openBySlot({ store, slots: usual, jobs }: OpsDeps): Promise<unknown> {
  const { slots = usual } = await store.readControls();
  const read = [...slotsToRead('normal', slots), ...slotsToRead('bulk', slots)];
  const counts = await jobs.countBySlot(read);
  return read.map((slot, index) => ({ slot, open: counts[index] }));
}

const subscriptionDocument = z.strictObject({
  id: z.string(),
  patterns: z.array(z.string()),
  kind: z.enum(['transactional', 'external']),
  ordered: z.enum(['block', 'pass-over']).optional(),
  /** `paused`: all of its jobs are held back. `pausedFor`: those of these organizations are. */
  status: z.enum(['active', 'paused']),
  pausedFor: z.array(z.string()).optional(),
  policy: z.strictObject({
    initialMs: z.number(),
    multiplier: z.number(),
    maxMs: z.number(),
    maxAttempts: z.int(),
    jitter: z.number(),
    maxAgeMs: z.number(),
  }),
  ...statusCounts,
  /** For how long its oldest due job has been due; none where it is not among those that have been due longest. */
  dueForMs: z.int().optional(),
  lastHour: z.strictObject({
    sent: z.int(),
    retried: z.int(),
    failed: z.int(),
    latencyP95Ms: z.number().optional(),
    /** The newest run that did not succeed, where it is among the newest of all. */
    lastError: z
      .strictObject({ jobId: z.string(), at: timeText, code: z.string().optional() })
      .optional(),
  }),
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
    'Who reacts to what, what of it is paused, how many of its jobs wait and are dead letters, and the newest error.',
  params: nothing,
  query: nothing,
  refusals: [],
  answers: {
    200: [
      'All of them; `patterns` is empty where other jobs make its jobs. `paused`: all of its jobs are held back; `pausedFor`: those of these organizations are.',
      z.strictObject({ subscriptions: z.array(subscriptionDocument) }),
    ],
  },
  handle: async ({ ops }) => {
    const [{ types }, lately] = await Promise.all([
      ops.jobs.count(jobTypesOf(ops)),
      lookLately(ops),
    ]);
    const subscriptions = await Promise.all(
      ops.subscriptions.map(async (subscription, index) => {
        const { jobType: _, ...counts } = types[index] ?? {};
        const newestDeadLetter = await newestOf(ops, subscription.id);
        const recent = showLately(lately, subscription.id);
        const held = showPauses(lately.pauses, subscription.id);
        return {
          ...showSubscription(subscription),
          ...held,
          ...counts,
          ...recent,
          newestDeadLetter,
        };
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

/** What the metrics and the due jobs say of subscriptions. */
interface Lately {
  readonly report: MetricsReport;
  readonly due: ReadonlyMap<string, number>;
  readonly pauses: readonly Pause[];
}

async function lookLately(ops: OpsDeps): Promise<Lately> {
  const { slots = ops.slots, pauses, readAtMs } = await ops.store.readControls();
  const read = [...slotsToRead('normal', slots), ...slotsToRead('bulk', slots)];
  const [windows, due] = await Promise.all([
    ops.metrics.read(readAtMs - HOUR_MS),
    ops.jobs.oldestDueByType(read, readAtMs),
  ]);
  return { report: reportOf(windows, readAtMs), due, pauses };
}

/** What holds its jobs back; a pause that is being resumed does not. */
function showPauses(
  pauses: readonly Pause[],
  jobType: string,
): { status: 'active' | 'paused'; pausedFor?: string[] | undefined } {
  const held = pauses.filter(
    (pause) => pause.resumingSinceMs === undefined && (pause.jobType ?? jobType) === jobType,
  );
  if (held.some(({ orgId }) => orgId === undefined)) return { status: 'paused' };
  const orgs = [...new Set(held.flatMap(({ orgId }) => orgId ?? []))];
  return { status: 'active', pausedFor: orgs.length === 0 ? undefined : orgs };
}

function showLately({ report, due }: Lately, jobType: string): object {
  const dueAtMs = due.get(jobType);
  const series = report.jobTypes.find(({ name }) => name === jobType);
  const { sent = 0, retried = 0, failed = 0, latency } = series ?? {};
  const last = report.failed.find((ended) => ended.jobType === jobType);
  const lastError = last && { jobId: last.jobId, at: timeOf(last.atMs), code: last.code };
  return {
    dueForMs: dueAtMs === undefined ? undefined : Math.max(0, report.toMs - dueAtMs),
    lastHour: { sent, retried, failed, latencyP95Ms: latency?.p95Ms, lastError },
  };
}

async function sentLately(ops: OpsDeps): Promise<z.input<typeof sentDocument>> {
  const { readAtMs } = await ops.store.readControls();
  const windows = await ops.metrics.read(readAtMs - HOUR_MS);
  const { fromMs, total, jobTypes } = reportOf(windows, readAtMs);
  const types = Object.fromEntries(jobTypes.map(({ name, sent }) => [name, sent]));
  return { since: timeOf(fromMs), total: total.sent, types };
}
