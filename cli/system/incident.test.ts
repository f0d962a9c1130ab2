import { describe, expect, test } from '@jest/globals';
import { runStubbed } from '../testing/run-stubbed.ts';
import type { Replies } from '../testing/stub-api.ts';

const at = '2030-01-01T00:00:00.000Z';
const ms = { count: 9, p50Ms: 12.4, p95Ms: 1500, p99Ms: 2500, maxMs: 9000, meanMs: 50 };
const rates = {
  runs: 1200,
  sent: 1190,
  retried: 7,
  failed: 3,
  sentPerSecond: 0.3,
  successRate: 0.99,
  retryRate: 0.006,
  failureRate: 0.003,
  deadLetters: { permanent: 3 },
};
const run = { jobId: 'email:1', jobType: 'email', endedAt: at, latencyMs: 61_000 };
const metrics = {
  from: at,
  to: at,
  truncated: true,
  total: { ...rates, latency: ms },
  sinks: [{ name: 'mail', ...rates, latency: ms, run: { ...ms, p95Ms: 801 } }],
  jobTypes: [{ name: 'email', ...rates }],
  eventTypes: [],
  slow: [{ ...run, end: 'sent' }],
  failed: [{ ...run, end: 'failed', reason: 'permanent', code: 'no-such-mailbox' }],
};
const policy = {
  initialMs: 1,
  multiplier: 2,
  maxMs: 3,
  maxAttempts: 4,
  jitter: 0.5,
  maxAgeMs: 5,
};
const counts = { pending: 40, processing: 1, failed: 1234 };
const lastHour = { sent: 5000, retried: 80, failed: 9 };
const lastError = { jobId: 'email:9', at, code: 'unavailable' };
const newestDeadLetter = { jobId: 'total:7', at, reason: 'poison' };
const kind = { patterns: [], kind: 'external', policy, status: 'active' };
const subscriptions = [
  {
    id: 'email',
    ...kind,
    ...counts,
    dueForMs: 65_000,
    lastHour: { ...lastHour, latencyP95Ms: 2100.6, lastError },
  },
  { id: 'total', ...kind, ...counts, lastHour, newestDeadLetter, status: 'paused' },
  { id: 'notif', ...kind, ...counts, lastHour, pausedFor: ['org1', 'org2'] },
];
const lines = [
  { orderingKey: 'org1:c1', jobId: 'j1', since: at, reason: 'permanent', waiting: 1999 },
  { orderingKey: 'org1:c2', jobId: 'j2', problem: 'no slot', waiting: 2 },
];
const alerts = [
  { alert: 'oldest_due', threshold: 600_000, raised: { since: at, value: 700_000 } },
  { alert: 'pending', threshold: 10_000 },
  { alert: 'latency_p95', threshold: 2_000, raised: { since: at, value: 2_345 } },
];
const replies: Replies = {
  getMetrics: () => ({ body: metrics }),
  listSubscriptions: () => ({ body: { subscriptions } }),
  listBlockedStreams: () => ({ body: { lines, truncated: true } }),
  listAlerts: () => ({ body: { alerts } }),
};

describe('in an incident', () => {
  test('metrics say how well and how fast each sink is, and what failed', async () => {
    const { exitCode, out, err, calls } = await runStubbed(['metrics', '--minutes', '10'], replies);
    expect(exitCode).toBe(0);
    expect(calls[0]?.query).toEqual({ minutes: '10' });
    expect(out).toMatch(/^mail +1,200 +7 +3 +12 +1,500 +2,500 +801$/m);
    expect(out).toMatch(/^in all +1,200 +7 +3 +12 +1,500 +2,500$/m);
    expect(out).toMatch(/^email +1,200 +7 +3$/m);
    expect(out).toMatch(/^email:1 .* 61,000 +failed +permanent, no-such-mailbox$/m);
    expect(out).not.toContain('event type');
    expect(err).toContain('it begins later');
  });

  test('subscriptions say how late they are, and what went wrong last', async () => {
    const { out } = await runStubbed(['subscriptions'], replies);
    expect(out).toMatch(
      /^email +40 +1 +1,234 +1 min 5 s +5,000 +80 +9 +2,101 +unavailable 2030-01-01T00:00:00Z email:9$/m,
    );
    expect(out).toMatch(/^notif +org1, org2 +40 /m);
    expect(out).toMatch(/^total +all +40 .* poison 2030-01-01T00:00:00Z total:7$/m);
  });

  test('blocked lines say behind what they wait', async () => {
    const { out, err } = await runStubbed(['blocked'], replies);
    expect(out).toMatch(/^org1:c1 +1,999 +j1 +2030-01-01T00:00:00Z +permanent$/m);
    expect(out).toMatch(/^org1:c2 +2 +j2 +no slot$/m);
    expect(err).toBe('There are more.\n');
    const none = await runStubbed(['blocked'], {
      listBlockedStreams: () => ({ body: { lines: [], truncated: false } }),
    });
    expect([none.out, none.err]).toEqual(['No line.\n', '']);
  });

  test('alerts say which are raised, and in red', async () => {
    const { out } = await runStubbed(['alerts'], replies);
    expect(out).toMatch(/^oldest_due +10 min +11 min 40 s +2030-01-01T00:00:00Z$/m);
    expect(out).toMatch(/^pending +10,000$/m);
    expect(out).toMatch(/^latency_p95 +2,000 ms +2,345 ms +2030-01-01T00:00:00Z$/m);
    const seen = await runStubbed(['alerts'], replies, { width: 80 });
    expect(seen.out).toContain('\u001B[31moldest_due');
    expect(seen.out).not.toContain('\u001B[31mpending');
  });

  test.each([
    ['metrics', metrics],
    ['subscriptions', { subscriptions }],
    ['blocked', { lines, truncated: true }],
    ['alerts', { alerts }],
  ])('%s are the API’s document for scripts, and nothing else', async (word, document) => {
    const { exitCode, out, err } = await runStubbed([word, '--json'], replies);
    expect([exitCode, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toEqual(document);
  });
});
