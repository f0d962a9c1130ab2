import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import parsePrometheusTextFormat from 'parse-prometheus-text-format';
import { Gathered } from './gathered.ts';
import type { Scrape } from './prometheus.ts';
import { prometheusText } from './prometheus.ts';
import { reportOf } from './report.ts';
import { anEnd, AT } from './testing/an-end.ts';

function aScrape(said: Partial<Scrape> = {}): Scrape {
  const gathered = new Gathered();
  for (const waitedMs of [100, 200, 3_000]) {
    gathered.add(anEnd({ waitedMs, ageMs: waitedMs + 50 }), 2_000);
  }
  gathered.add(anEnd({ jobType: 'email', sink: 'smtp', waitedMs: 200, ageMs: 250 }), 2_000);
  return {
    report: reportOf({ gathered, fromMs: AT, isTruncated: false }, AT + 600_000),
    totals: {
      failures: new Map([['email', 7]]),
      deadLetters: new Map([['email', new Map([['permanent', 2]])]]),
    },
    pending: 4,
    deadLetters: 2,
    oldestDueMs: 1_500,
    projectionLagMs: new Map([['matter_billing', 0]]),
    sinceTickMs: 61_000,
    alerts: [
      { alert: 'pending', threshold: 10_000 },
      { alert: 'dead_letters', threshold: 1, raised: { sinceMs: AT, value: 2 } },
    ],
    ...said,
  };
}

const read = (scrape: Scrape) =>
  new Map(parsePrometheusTextFormat(prometheusText(scrape)).map((one) => [one.name, one]));

test('is read by a parser of Prometheus’ format, every metric with its type, help and samples', () => {
  const metrics = read(aScrape());
  expect(metrics.size).toBe(13);
  const counters = [...metrics.values()].filter(({ type }) => type === 'COUNTER');
  expect(counters.map(({ name }) => name)).toEqual([
    'event_dispatch_failures_total',
    'event_dead_letter_total',
  ]);
  const samples = (name: string) => metrics.get(name)?.metrics;
  expect(samples('event_dispatch_latency')).toEqual([
    { labels: { quantile: '0.5' }, value: expect.stringMatching(/^0\.(19[89]|20[012]|2)/) },
    { labels: { quantile: '0.95' }, value: expect.any(String) },
    { labels: { quantile: '0.99' }, value: expect.any(String) },
    { labels: { quantile: '1' }, value: '3' },
  ]);
  for (const labels of [{ job_type: 'email' }, { job_type: 'notif' }]) {
    const longest = { labels: { ...labels, quantile: '1' }, value: expect.any(String) };
    expect(samples('outbox_job_latency')).toContainEqual(longest);
  }
  expect(samples('outbox_sink_latency')).toContainEqual({
    labels: { sink: 'smtp', quantile: '0.95' },
    value: expect.stringMatching(/^0\.2[45]/),
  });
  expect(samples('event_dispatch_failures_total')).toEqual([
    { labels: { job_type: 'email' }, value: '7' },
  ]);
  expect(samples('event_dead_letter_total')).toEqual([
    { labels: { job_type: 'email', reason: 'permanent' }, value: '2' },
  ]);
  expect(samples('outbox_jobs_sent_per_second')).toContainEqual({
    labels: { job_type: 'notif' },
    value: '0.005',
  });
  expect(samples('outbox_pending')).toEqual([{ value: '4' }]);
  expect(samples('outbox_oldest_due_seconds')).toEqual([{ value: '1.5' }]);
  expect(samples('projection_lag_seconds')).toEqual([
    { labels: { projection: 'matter_billing' }, value: '0' },
  ]);
  expect(samples('outbox_alert')).toEqual([
    { labels: { alert: 'pending' }, value: '0' },
    { labels: { alert: 'dead_letters' }, value: '1' },
  ]);
});

test('says nothing of what is not known', () => {
  const gathered = new Gathered();
  const report = reportOf({ gathered, fromMs: AT, isTruncated: false }, AT);
  const text = prometheusText(aScrape({ report, sinceTickMs: undefined }));
  expect(text).not.toMatch(/^event_dispatch_latency/m);
  expect(text).not.toMatch(/^outbox_since_last_tick_seconds/m);
});

test('any name may be a label', () => {
  const failures = new Map([['a"b\\c\nd', 1]]);
  const scrape = aScrape({ totals: { failures, deadLetters: new Map() } });
  expect(prometheusText(scrape)).toContain(String.raw`{job_type="a\"b\\c\nd"} 1`);
  expect(read(scrape).get('event_dispatch_failures_total')?.metrics).toEqual([
    { labels: { job_type: 'a"b\\c\nd' }, value: '1' },
  ]);
});

test('the reference names every metric, its type, its labels and what it says', () => {
  const page = readFileSync(new URL('../../../docs/reference/metrics.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter((line) => /^\| `\w+` \| (gauge|counter) \|/.test(line));
  const told = [...read(aScrape()).values()].map(({ name, type, help, metrics }) => {
    const labels = Object.keys(metrics[0]?.labels ?? {}).map((label) => `\`${label}\``);
    return `| \`${name}\` | ${type.toLowerCase()} | ${labels.join(', ')} | ${help} |`;
  });
  expect(rows).toEqual(told);
});
