import { z } from 'zod';
import { HOUR_MS, MINUTE_MS } from '#kernel';
import { slotsToRead } from '#outbox';
import type { MetricsReport } from '../../../metrics/index.ts';
import { ALERTS, prometheusText, reportOf, WINDOW_MS } from '../../../metrics/index.ts';
import { timeOf } from '../../documents.ts';
import { timeText, wholeNumber } from '../../fields.ts';
import type { OpsDeps } from '../../ports.ts';
import { defineOpsRoute, nothing } from './ops-route.ts';

const ms = z.number().min(0);
const durations = z.strictObject({
  count: z.int(),
  p50Ms: ms,
  p95Ms: ms,
  p99Ms: ms,
  maxMs: ms,
  meanMs: ms,
});
const series = {
  runs: z.int(),
  sent: z.int(),
  retried: z.int(),
  failed: z.int(),
  sentPerSecond: z.number(),
  successRate: z.number(),
  retryRate: z.number(),
  failureRate: z.number(),
  deadLetters: z.record(z.string(), z.int()),
  latency: durations.optional(),
  dispatch: durations.optional(),
  run: durations.optional(),
};
const named = z.array(z.strictObject({ name: z.string(), ...series }));
const noted = z.array(
  z.strictObject({
    jobId: z.string(),
    jobType: z.string(),
    eventId: z.string().optional(),
    eventType: z.string().optional(),
    endedAt: timeText,
    latencyMs: ms,
    end: z.enum(['sent', 'retry', 'failed']),
    reason: z.string().optional(),
    code: z.string().optional(),
  }),
);

const LONGEST_MINUTES = (24 * HOUR_MS) / MINUTE_MS;

export const getMetrics = defineOpsRoute({
  method: 'GET',
  path: '/v1/ops/metrics',
  operationId: 'getMetrics',
  summary: 'How much was run, how well and how fast, by job type, event type and sink.',
  params: nothing,
  query: z.strictObject({ minutes: wholeNumber(1, LONGEST_MINUTES).default(60) }),
  refusals: [],
  answers: {
    200: [
      'What the instances wrote since `from`; with `truncated` there were too many, and `from` is later than was asked for.',
      z.strictObject({
        from: timeText,
        to: timeText,
        truncated: z.boolean(),
        total: z.strictObject(series),
        jobTypes: named,
        eventTypes: named,
        sinks: named,
        slow: noted,
        failed: noted,
      }),
    ],
  },
  handle: async ({ ops }, _visit, { query: { minutes } }) => {
    const { readAtMs } = await ops.store.readControls();
    const windows = await ops.metrics.read(readAtMs - minutes * MINUTE_MS);
    return { status: 200, body: showReport(reportOf(windows, readAtMs)) };
  },
});

function showReport({ fromMs, toMs, isTruncated, slow, failed, ...rest }: MetricsReport): object {
  return {
    from: timeOf(fromMs),
    to: timeOf(toMs),
    truncated: isTruncated,
    ...rest,
    slow: slow.map(showNoted),
    failed: failed.map(showNoted),
  };
}

function showNoted({ atMs, ageMs, ...ended }: MetricsReport['slow'][number]): object {
  return { ...ended, endedAt: timeOf(atMs), latencyMs: ageMs };
}

export const listAlerts = defineOpsRoute({
  method: 'GET',
  path: '/v1/ops/alerts',
  operationId: 'listAlerts',
  summary: 'What operators are told of without asking, and which of it is raised.',
  params: nothing,
  query: nothing,
  refusals: [],
  answers: {
    200: [
      'All alerts, as the last look noted them; `raised` where they are.',
      z.strictObject({
        alerts: z.array(
          z.strictObject({
            alert: z.enum(ALERTS),
            threshold: z.int(),
            raised: z.strictObject({ since: timeText, value: z.number() }).optional(),
          }),
        ),
      }),
    ],
  },
  handle: async ({ ops }) => {
    const alerts = (await ops.alerts.list()).map(({ raised, ...alert }) => {
      return { ...alert, raised: raised && { since: timeOf(raised.sinceMs), value: raised.value } };
    });
    return { status: 200, body: { alerts } };
  },
});

/** How far a scrape counts: a read for each thousand. */
const COUNT_UP_TO = 100_000;

export const scrapeMetrics = defineOpsRoute({
  method: 'GET',
  path: '/metrics',
  operationId: 'scrapeMetrics',
  summary: 'The same for Prometheus, with what waits now.',
  params: nothing,
  query: nothing,
  refusals: [],
  mediaType: 'text/plain',
  answers: { 200: ['Prometheus’ text format, 0.0.4.', z.string()] },
  handle: async ({ ops }) => ({ status: 200, body: await scrape(ops) }),
});

async function scrape(ops: OpsDeps): Promise<string> {
  const { slots = ops.slots, readAtMs } = await ops.store.readControls();
  const read = [...slotsToRead('normal', slots), ...slotsToRead('bulk', slots)];
  const [windows, totals, pending, deadLetters, due, lastTickMs, alerts] = await Promise.all([
    ops.metrics.read(readAtMs - WINDOW_MS),
    ops.metrics.totals(),
    ops.jobs.countUpTo('pending', COUNT_UP_TO),
    ops.jobs.countUpTo('failed', COUNT_UP_TO),
    ops.jobs.oldestDueByType(read, readAtMs),
    ops.metrics.lastTickMs(),
    ops.alerts.list(),
  ]);
  const sinceMs = (atMs: number): number => Math.max(0, readAtMs - atMs);
  const lagOf = (jobType: string): number => sinceMs(due.get(jobType) ?? readAtMs);
  return prometheusText({
    report: reportOf(windows, readAtMs),
    totals,
    pending,
    deadLetters,
    oldestDueMs: Math.max(0, ...[...due.values()].map(sinceMs)),
    projectionLagMs: new Map(ops.projections.map((name) => [name, lagOf(name)])),
    sinceTickMs: lastTickMs === undefined ? undefined : sinceMs(lastTickMs),
    alerts,
  });
}
