import { beforeEach, describe, expect, test } from '@jest/globals';
import { Timestamp } from 'firebase-admin/firestore';
import parsePrometheusTextFormat from 'parse-prometheus-text-format';
import { openWorker, runJobsNow } from '#outbox';
import { systemClock } from '#kernel';
import { backend, firestore, logs } from '../composition/testing/backend.ts';
import type { World } from '../composition/testing/world.ts';
import { aWorld } from '../composition/testing/world.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { measure } from '../kernel/testing/meter.ts';
import type { Metrics } from '../metrics/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { anEnd } from '../metrics/testing/an-end.ts';
import type { Ask } from './testing/api.ts';
import { openApi } from './testing/api.ts';
import { plantJob } from './testing/dead-letters.ts';

const outbox = firestore.collection('outbox');

let ask: Ask;
let world: World;
let nowMs: number;

beforeEach(async () => {
  await clearFirestore(firestore);
  world = await aWorld();
  ask = await openApi(world);
  nowMs = Timestamp.now().toMillis();
});

type Body = Readonly<Record<string, unknown>>;

async function get(path: string): Promise<Body> {
  const { status, body } = await ask('GET', path, { as: 'ops', orgId: null });
  expect(status).toBe(200);
  return body as unknown as Body;
}

function anInstance(instanceId = 'one'): Metrics {
  const store = backend.metricsStore;
  return createMetrics({ store, instanceId, clock: systemClock, logger: logs, slowMs: 2_000 });
}

/** One that ran this, now. */
async function ran(...ends: Parameters<typeof anEnd>[0][]): Promise<void> {
  const metrics = anInstance();
  for (const end of ends) metrics.observe(anEnd({ atMs: nowMs, ...end }));
  await metrics.writeDue();
}

describe('the metrics', () => {
  test('tell how much was run, how well and how fast, and what was slow and what failed', async () => {
    await ran(
      {},
      { ageMs: 2_500 },
      { jobType: 'email', sink: 'smtp', end: 'failed', reason: 'permanent' },
    );
    const body = await get('/v1/ops/metrics');
    expect(body).toMatchObject({
      truncated: false,
      total: { runs: 3, sent: 2, failed: 1, deadLetters: { permanent: 1 } },
      jobTypes: [
        { name: 'notif', runs: 2, latency: { count: 2 } },
        { name: 'email', runs: 1 },
      ],
      eventTypes: [{ name: 'invoice.sent', runs: 3 }],
      sinks: [{ name: 'smtp', failureRate: 1 }],
      slow: [{ latencyMs: 2_500, eventId: 'event1', end: 'sent' }],
      failed: [{ jobType: 'email', reason: 'permanent' }],
    });
  });

  test('are what the engine did, as its instance wrote it', async () => {
    const { docs } = await outbox.where('jobType', '==', 'notif').limit(3).get();
    const worker = openWorker(backend.processor, {
      by: 'trigger',
      budgetMs: 60_000,
      handlers: backend.subscriptions.handlersFor(),
    });
    await backend.metrics.writeRest();
    await clearMetrics();
    await runJobsNow(
      worker,
      docs.map(({ id }) => id),
    );
    await backend.metrics.writeRest();
    const { jobTypes } = (await get('/v1/ops/metrics?minutes=1')) as {
      jobTypes: { name: string; runs: number }[];
    };
    expect(jobTypes.find(({ name }) => name === 'notif')?.runs).toBeGreaterThanOrEqual(3);
  });

  test.each([['minutes=0'], ['minutes=1441'], ['minutes=x'], ['hours=1']])(
    'are refused for %s',
    async (query) => {
      const { status } = await ask('GET', `/v1/ops/metrics?${query}`, { as: 'ops', orgId: null });
      expect(status).toBe(400);
    },
  );

  test('cost a read and one for each instance and window', async () => {
    await ran({});
    const { reads, writes } = await measure(firestore, () => get('/v1/ops/metrics'));
    expect([reads, writes]).toEqual([2, 0]);
  });
});

async function clearMetrics(): Promise<void> {
  const { docs } = await firestore.collection('outbox_metrics').get();
  await Promise.all(docs.map(({ ref }) => ref.delete()));
}

describe('for Prometheus', () => {
  test('they are text that its parser reads, with what waits now', async () => {
    await ran({ end: 'retry' }, { end: 'failed', reason: 'poison' });
    await plantJob({ id: 'x', jobType: 'matter_billing', nextAttemptAt: nowMs - 90_000 });
    const { headers, body } = await ask('GET', '/metrics', { as: 'ops', orgId: null });
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const metrics = new Map(
      parsePrometheusTextFormat(body as unknown as string).map((one) => [one.name, one.metrics]),
    );
    expect(metrics.get('event_dispatch_failures_total')).toEqual([
      { labels: { job_type: 'notif' }, value: '2' },
    ]);
    expect(metrics.get('event_dead_letter_total')).toEqual([
      { labels: { job_type: 'notif', reason: 'poison' }, value: '1' },
    ]);
    const waiting = (await outbox.count().get()).data().count;
    expect(metrics.get('outbox_pending')).toEqual([{ value: String(waiting) }]);
    const lag = metrics.get('projection_lag_seconds') ?? [];
    const billing = lag.find(({ labels }) => labels?.['projection'] === 'matter_billing');
    expect(Number(billing?.value)).toBeGreaterThanOrEqual(90);
    expect(Number(metrics.get('outbox_oldest_due_seconds')?.[0]?.value)).toBeGreaterThanOrEqual(90);
  });

  test('they are refused without a token, as a problem', async () => {
    const { status, headers } = await ask('GET', '/metrics', { orgId: null });
    expect(status).toBe(401);
    expect(headers.get('content-type')).toBe('application/problem+json');
  });
});

test('the alerts are told with their thresholds, and since when one is raised', async () => {
  await plantJob({ nextAttemptAt: nowMs - 601_000 });
  await backend.alerts.look();
  expect(await get('/v1/ops/alerts')).toEqual({
    alerts: [
      { alert: 'dead_letters', threshold: 10 },
      { alert: 'pending', threshold: 10_000 },
      {
        alert: 'oldest_due',
        threshold: 600_000,
        raised: { since: expect.any(String), value: expect.any(Number) },
      },
      { alert: 'latency_p95', threshold: 2_000 },
    ],
  });
});

describe('of the metrics', () => {
  test('health tells when the scheduled sweep last came to its end, and whether it is late', async () => {
    expect(await get('/v1/ops/health')).toMatchObject({ lastTick: { late: true } });
    for (const [instanceId, atMs, late] of [
      ['one', nowMs - 600_000, true],
      ['two', nowMs, false],
    ] as const) {
      const metrics = anInstance(instanceId);
      metrics.ticked(atMs);
      await metrics.writeDue();
      const endedAt = new Date(atMs).toISOString();
      expect(await get('/v1/ops/health')).toMatchObject({ lastTick: { endedAt, late } });
    }
  });

  test('the statistics tell what was sent, of all organizations only', async () => {
    await ran({}, {}, { jobType: 'email' }, { end: 'retry' });
    const { sent } = await get('/v1/ops/stats');
    expect(sent).toMatchObject({ total: 3, types: { notif: 2, email: 1 } });
    expect((await get('/v1/ops/stats?orgId=x'))['sent']).toBeUndefined();
  });

  test('the statistics tell nothing of what was sent two hours ago', async () => {
    await ran({ atMs: nowMs - 7_200_000 }, { atMs: nowMs - 7_200_000, jobType: 'email' });
    await ran({});
    expect(await get('/v1/ops/metrics?minutes=180')).toMatchObject({ total: { sent: 3 } });
    const { sent } = await get('/v1/ops/stats');
    expect(sent).toMatchObject({ total: 1, types: { notif: 1 } });
  });

  test('the subscriptions tell how they did in the last hour, and for how long they lag', async () => {
    await ran({}, { end: 'retry', code: 'busy', jobId: 'j2' });
    await plantJob({ id: 'y', jobType: 'notif', nextAttemptAt: nowMs - 120_000 });
    const { subscriptions } = (await get('/v1/ops/subscriptions')) as {
      subscriptions: readonly (Body & { readonly id: string; readonly dueForMs?: number })[];
    };
    const notif = subscriptions.find(({ id }) => id === 'notif');
    expect(notif).toMatchObject({
      lastHour: { sent: 1, retried: 1, failed: 0, lastError: { jobId: 'j2', code: 'busy' } },
    });
    expect(notif?.dueForMs).toBeGreaterThanOrEqual(120_000);
    const email = subscriptions.find(({ id }) => id === 'email');
    expect(email).toMatchObject({ lastHour: { sent: 0, retried: 0, failed: 0 } });
    expect(email).not.toHaveProperty('dueForMs');
  });
});
