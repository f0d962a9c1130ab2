import type { DurationSummary } from './durations.ts';
import type { Gathered, Kind, Noted } from './gathered.ts';
import type { Series } from './series.ts';
import type { ReadWindows } from './store.ts';

/** What is said of everything, of a job type, an event type or a sink. */
export interface SeriesReport {
  /** Runs that ended, each in one of the three. */
  readonly runs: number;
  readonly sent: number;
  readonly retried: number;
  /** Dead letters, also those of rows that were not run. */
  readonly failed: number;
  readonly sentPerSecond: number;
  /** Shares of the runs, from 0 to 1. */
  readonly successRate: number;
  readonly retryRate: number;
  readonly failureRate: number;
  /** Dead letters, by why. */
  readonly deadLetters: Readonly<Record<string, number>>;
  /** From opening to `sent`, from opening to the first start, and of handlers at work. */
  readonly latency?: DurationSummary | undefined;
  readonly dispatch?: DurationSummary | undefined;
  readonly run?: DurationSummary | undefined;
}

/** The same of one of several, by its name. */
export type NamedReport = SeriesReport & { readonly name: string };

/** What all instances did from `fromMs` on; times are milliseconds since the epoch. */
export interface MetricsReport {
  readonly fromMs: number;
  readonly toMs: number;
  readonly isTruncated: boolean;
  readonly total: SeriesReport;
  readonly jobTypes: readonly NamedReport[];
  readonly eventTypes: readonly NamedReport[];
  readonly sinks: readonly NamedReport[];
  readonly slow: readonly Noted[];
  readonly failed: readonly Noted[];
}

/** Says what was gathered, the busiest first. */
export function reportOf(
  { gathered, fromMs, isTruncated }: ReadWindows,
  nowMs: number,
): MetricsReport {
  const toMs = Math.max(nowMs, fromMs + 1);
  const seconds = (toMs - fromMs) / 1_000;
  const ofKind = (kind: Kind): NamedReport[] => namedReports(gathered, kind, seconds);
  const { all, slow, failed } = gathered;
  return {
    fromMs,
    toMs,
    isTruncated,
    total: seriesReport(all, seconds),
    jobTypes: ofKind('job'),
    eventTypes: ofKind('event'),
    sinks: ofKind('sink'),
    slow,
    failed,
  };
}

function namedReports({ named }: Gathered, kind: Kind, seconds: number): NamedReport[] {
  return [...named[kind]]
    .map(([name, series]) => ({ name, ...seriesReport(series, seconds) }))
    .toSorted((a, b) => (b.runs === a.runs ? a.name.localeCompare(b.name) : b.runs - a.runs));
}

function seriesReport(series: Series, seconds: number): SeriesReport {
  const { sent, retry: retried, failed } = series.ends;
  const runs = sent + retried + failed;
  const share = (some: number): number => (runs === 0 ? 0 : some / runs);
  return {
    runs,
    sent,
    retried,
    failed,
    sentPerSecond: sent / seconds,
    successRate: share(sent),
    retryRate: share(retried),
    failureRate: share(failed),
    deadLetters: Object.fromEntries(series.reasons),
    latency: series.latency.summary(),
    dispatch: series.dispatch.summary(),
    run: series.run.summary(),
  };
}
