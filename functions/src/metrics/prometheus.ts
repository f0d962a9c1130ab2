import type { Alert } from './alerts/alerts.ts';
import type { DurationSummary } from './durations.ts';
import type { MetricsReport, NamedReport } from './report.ts';
import type { Totals } from './store.ts';

/** What is asked for one scrape. */
export interface Scrape {
  /** Of the current window and the one before. */
  readonly report: MetricsReport;
  readonly totals: Totals;
  /** Jobs that wait, and dead letters, each as far as it was counted. */
  readonly pending: number;
  readonly deadLetters: number;
  /** How long the oldest due job has been due; 0 where none is. */
  readonly oldestDueMs: number;
  /** The same of each projection’s jobs. */
  readonly projectionLagMs: ReadonlyMap<string, number>;
  /** Undefined where there was none for 24 hours. */
  readonly sinceTickMs: number | undefined;
  readonly alerts: readonly Alert[];
}

interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric: what it says, and its samples. */
interface Metric {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  readonly samples: (scrape: Scrape) => readonly Sample[];
}

/** Everything that is told, by its name; units are Prometheus’ own, seconds. */
const METRICS: readonly Metric[] = [
  {
    name: 'event_dispatch_latency',
    type: 'gauge',
    help: 'Seconds from a job’s opening, its event as a rule, to its first start, in the last 10 to 20 minutes; quantile 1 is the longest.',
    samples: ({ report }) => quantiles(report.total.dispatch),
  },
  {
    name: 'event_delivery_latency',
    type: 'gauge',
    help: 'Seconds from a job’s opening to sent, retries and all, in the last 10 to 20 minutes; quantile 1 is the longest.',
    samples: ({ report }) => quantiles(report.total.latency),
  },
  {
    name: 'outbox_job_latency',
    type: 'gauge',
    help: 'The same as event_delivery_latency, of each job type.',
    samples: ({ report }) => quantilesOfEach('job_type', report.jobTypes),
  },
  {
    name: 'outbox_sink_latency',
    type: 'gauge',
    help: 'The same, of each sink.',
    samples: ({ report }) => quantilesOfEach('sink', report.sinks),
  },
  {
    name: 'event_dispatch_failures_total',
    type: 'counter',
    help: 'Runs that did not end in sent, ever.',
    samples: ({ totals }) =>
      [...totals.failures].map(([name, value]) => ({ labels: { job_type: name }, value })),
  },
  {
    name: 'event_dead_letter_total',
    type: 'counter',
    help: 'Jobs that became dead letters, ever.',
    samples: ({ totals }) =>
      [...totals.deadLetters].flatMap(([name, reasons]) =>
        [...reasons].map(([reason, value]) => ({ labels: { job_type: name, reason }, value })),
      ),
  },
  {
    name: 'outbox_jobs_sent_per_second',
    type: 'gauge',
    help: 'Jobs that were sent, a second, in the last 10 to 20 minutes.',
    samples: ({ report }) =>
      report.jobTypes.map(({ name, sentPerSecond: value }) => ({
        labels: { job_type: name },
        value,
      })),
  },
  {
    name: 'outbox_pending',
    type: 'gauge',
    help: 'Jobs that wait, as far as 100,000.',
    samples: ({ pending }) => [{ value: pending }],
  },
  {
    name: 'outbox_dead_letters',
    type: 'gauge',
    help: 'Dead letters there are now, as far as 100,000.',
    samples: ({ deadLetters }) => [{ value: deadLetters }],
  },
  {
    name: 'outbox_oldest_due_seconds',
    type: 'gauge',
    help: 'For how long the oldest due job has been due; 0 where none is.',
    samples: ({ oldestDueMs }) => [{ value: oldestDueMs / 1_000 }],
  },
  {
    name: 'projection_lag_seconds',
    type: 'gauge',
    help: 'For how long the oldest due job of a projection has been due; 0 where none is among the 200 that have been due longest.',
    samples: ({ projectionLagMs }) =>
      [...projectionLagMs].map(([projection, lagMs]) => ({
        labels: { projection },
        value: lagMs / 1_000,
      })),
  },
  {
    name: 'outbox_since_last_tick_seconds',
    type: 'gauge',
    help: 'Since the scheduled sweep last came to its end; none where it did not for 24 hours.',
    samples: ({ sinceTickMs }) =>
      sinceTickMs === undefined ? [] : [{ value: sinceTickMs / 1_000 }],
  },
  {
    name: 'outbox_alert',
    type: 'gauge',
    help: '1 while the alert is raised, else 0.',
    samples: ({ alerts }) =>
      alerts.map(({ alert, raised }) => ({
        labels: { alert },
        value: raised === undefined ? 0 : 1,
      })),
  },
];

/** One scrape in Prometheus’ text format, 0.0.4. */
export function prometheusText(scrape: Scrape): string {
  const lines = METRICS.flatMap(({ name, type, help, samples }) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples(scrape).map(({ labels = {}, value }) => `${name}${labelled(labels)} ${value}`),
  ]);
  return `${lines.join('\n')}\n`;
}

function quantiles(durations: DurationSummary | undefined): readonly Sample[] {
  if (durations === undefined) return [];
  const { p50Ms, p95Ms, p99Ms, maxMs } = durations;
  const all = [
    ['0.5', p50Ms],
    ['0.95', p95Ms],
    ['0.99', p99Ms],
    ['1', maxMs],
  ] as const;
  return all.map(([quantile, ms]) => ({ labels: { quantile }, value: ms / 1_000 }));
}

function quantilesOfEach(label: string, all: readonly NamedReport[]): readonly Sample[] {
  return all.flatMap(({ name, latency }) =>
    quantiles(latency).map(({ labels, value }) => ({
      labels: { [label]: name, ...labels },
      value,
    })),
  );
}

function labelled(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);
}
