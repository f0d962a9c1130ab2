import { CodedError, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#kernel';
import type { Problem } from '#kernel';
import type { ProcessorSettings, RetryPolicy } from '#outbox';
import { DEFAULT_RETRY_POLICY, KEEP_SENT_MS } from '#outbox';
import { z } from 'zod';
import type { AlertNumbers } from '../metrics/index.ts';
import type { NextTickMs } from './schedule.ts';
import { readSchedule } from './schedule.ts';

/** Every setting that a deployment may change while it runs, and its value where nobody did. */
export const DEFAULT_SETTINGS = {
  OUTBOX_TIMEOUT_MS: 20 * SECOND_MS,
  OUTBOX_LEASE_MS: MINUTE_MS,
  OUTBOX_START_MARGIN_MS: 5 * SECOND_MS,
  OUTBOX_CONCURRENCY: 20,
  OUTBOX_PAGE_SIZE: 200,
  OUTBOX_MAX_JOBS_PER_RUN: 500,
  OUTBOX_SCHEDULE: '*/2 * * * *',
  OUTBOX_MAX_WORKERS: 10,
  OUTBOX_NORMAL_SLOTS: 8,
  OUTBOX_BULK_SLOTS: 4,
  OUTBOX_RETRY_INITIAL_MS: DEFAULT_RETRY_POLICY.initialMs,
  OUTBOX_RETRY_MAX_MS: DEFAULT_RETRY_POLICY.maxMs,
  OUTBOX_MAX_ATTEMPTS: DEFAULT_RETRY_POLICY.maxAttempts,
  SNAPSHOT_EVERY: 100,
  API_RATE_PER_MINUTE: 600,
  ARCHIVE_AFTER_DAYS: 90,
  ARCHIVE_BUCKET: '',
  OUTBOX_KEEP_SENT_DAYS: KEEP_SENT_MS / DAY_MS,
  OUTBOX_KEEP_CLOSED_DAYS: 90,
  KEEP_COMMANDS_DAYS: 30,
  EMAIL_PROVIDER: 'log',
  SLOW_EVENT_MS: 2 * SECOND_MS,
  ALERT_DEAD_LETTERS: 10,
  ALERT_PENDING: 10_000,
  ALERT_OLDEST_DUE_MS: 10 * MINUTE_MS,
  ALERT_P95_MS: 2 * SECOND_MS,
};

/** The trigger's timeout, in seconds: the shortest invocation that runs jobs. */
export const TRIGGER_TIMEOUT_SECONDS = 60;

/** What the trigger can spend on a job; the rest of its time it needs to read its rows and to claim them. */
export const SHORTEST_BUDGET_MS = (TRIGGER_TIMEOUT_SECONDS - 10) * SECOND_MS;

/** An event that could be archived earlier would leave jobs behind that `verify` still looks for. */
export const LEAST_ARCHIVED_DAYS = KEEP_SENT_MS / DAY_MS;

const ms = z.int().min(1).max(DAY_MS);
const days = (least = 1) => z.int().min(least).max(36_500);
const settingsSchema = z.object({
  OUTBOX_TIMEOUT_MS: ms,
  OUTBOX_LEASE_MS: ms.max(HOUR_MS),
  OUTBOX_START_MARGIN_MS: z.int().min(0).max(MINUTE_MS),
  OUTBOX_CONCURRENCY: z.int().min(1).max(500),
  OUTBOX_PAGE_SIZE: z.int().min(1).max(1_000),
  OUTBOX_MAX_JOBS_PER_RUN: z.int().min(1).max(100_000),
  OUTBOX_SCHEDULE: z.string().transform((pattern, context) => {
    const schedule = readSchedule(pattern);
    if (schedule !== undefined) return schedule;
    context.addIssue('expected a schedule in unix-cron, such as */2 * * * *');
    return z.NEVER;
  }),
  OUTBOX_MAX_WORKERS: z.int().min(1).max(1_000),
  OUTBOX_NORMAL_SLOTS: z.int().min(1).max(1_000),
  OUTBOX_BULK_SLOTS: z.int().min(1).max(1_000),
  OUTBOX_RETRY_INITIAL_MS: ms,
  OUTBOX_RETRY_MAX_MS: ms,
  OUTBOX_MAX_ATTEMPTS: z.int().min(1).max(100),
  SNAPSHOT_EVERY: z.int().min(1).max(100_000),
  API_RATE_PER_MINUTE: z.int().min(1).max(1_000_000),
  ARCHIVE_AFTER_DAYS: days(LEAST_ARCHIVED_DAYS),
  OUTBOX_KEEP_SENT_DAYS: days(KEEP_SENT_MS / DAY_MS),
  OUTBOX_KEEP_CLOSED_DAYS: days(),
  KEEP_COMMANDS_DAYS: days(),
  ARCHIVE_BUCKET: z
    .string()
    .regex(/^$|^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/, 'expected the name of a bucket'),
  EMAIL_PROVIDER: z.enum(['log']),
  SLOW_EVENT_MS: ms,
  ALERT_DEAD_LETTERS: z.int().min(1).max(100_000),
  ALERT_PENDING: z.int().min(1).max(1_000_000),
  ALERT_OLDEST_DUE_MS: ms,
  ALERT_P95_MS: ms,
});

/** All settings, checked. */
export interface Settings {
  readonly processor: ProcessorSettings;
  readonly policy: RetryPolicy;
  readonly nextTickMs: NextTickMs;
  /** Workers at once, besides the tick. */
  readonly maxWorkers: number;
  /** Events that are read for a state before it is kept. */
  readonly snapshotEvery: number;
  /** Calls of the API by one caller. */
  readonly apiRatePerMinute: number;
  readonly emailProvider: 'log';
  /** A job that takes longer, from its opening to `sent`, is named in the metrics. */
  readonly slowEventMs: number;
  /** What operators are told of. */
  readonly alertThresholds: AlertNumbers;
  /** How long the result of a command is given again to whoever asks with its key. */
  readonly keepCommandsMs: number;
  /** Days that dead letters, and jobs that were taken out, are kept. */
  readonly keepClosedDays: number;
  /** How old events are when they may be archived, and the bucket for them; '' where there is none. */
  readonly archive: { readonly afterDays: number; readonly bucket: string };
}

/** Checks raw settings; throws `invalid-setting` that names each wrong one and what was expected. */
export function parseSettings(raw: Readonly<Record<string, unknown>>): Settings {
  const result = settingsSchema.safeParse(raw);
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message }) => ({
      path: path.join('.'),
      message,
    }));
    throw invalid(problems);
  }
  const s = result.data;
  const problems = contradictions(s);
  if (problems.length > 0) throw invalid(problems);
  return {
    processor: {
      timeoutMs: s.OUTBOX_TIMEOUT_MS,
      leaseMs: s.OUTBOX_LEASE_MS,
      startMarginMs: s.OUTBOX_START_MARGIN_MS,
      concurrency: s.OUTBOX_CONCURRENCY,
      pageSize: s.OUTBOX_PAGE_SIZE,
      maxJobsPerRun: s.OUTBOX_MAX_JOBS_PER_RUN,
      slots: { normal: s.OUTBOX_NORMAL_SLOTS, bulk: s.OUTBOX_BULK_SLOTS },
      keepSentMs: s.OUTBOX_KEEP_SENT_DAYS * DAY_MS,
    },
    policy: {
      ...DEFAULT_RETRY_POLICY,
      initialMs: s.OUTBOX_RETRY_INITIAL_MS,
      maxMs: s.OUTBOX_RETRY_MAX_MS,
      maxAttempts: s.OUTBOX_MAX_ATTEMPTS,
    },
    nextTickMs: s.OUTBOX_SCHEDULE,
    maxWorkers: s.OUTBOX_MAX_WORKERS,
    snapshotEvery: s.SNAPSHOT_EVERY,
    apiRatePerMinute: s.API_RATE_PER_MINUTE,
    emailProvider: s.EMAIL_PROVIDER,
    slowEventMs: s.SLOW_EVENT_MS,
    alertThresholds: {
      dead_letters: s.ALERT_DEAD_LETTERS,
      pending: s.ALERT_PENDING,
      oldest_due: s.ALERT_OLDEST_DUE_MS,
      latency_p95: s.ALERT_P95_MS,
    },
    keepCommandsMs: s.KEEP_COMMANDS_DAYS * DAY_MS,
    keepClosedDays: s.OUTBOX_KEEP_CLOSED_DAYS,
    archive: { afterDays: s.ARCHIVE_AFTER_DAYS, bucket: s.ARCHIVE_BUCKET },
  };
}

/** Values that are right alone and wrong together. */
function contradictions(s: z.output<typeof settingsSchema>): Problem[] {
  const problems: Problem[] = [];
  if (s.OUTBOX_TIMEOUT_MS + s.OUTBOX_START_MARGIN_MS > SHORTEST_BUDGET_MS) {
    const why = `with OUTBOX_START_MARGIN_MS, or the trigger has no time to start a job`;
    problems.push({
      path: 'OUTBOX_TIMEOUT_MS',
      message: `expected at most ${SHORTEST_BUDGET_MS} ${why}`,
    });
  }
  const leastMs = s.OUTBOX_TIMEOUT_MS + 2 * s.OUTBOX_START_MARGIN_MS;
  if (s.OUTBOX_LEASE_MS < leastMs) {
    const why = 'OUTBOX_TIMEOUT_MS + 2 × OUTBOX_START_MARGIN_MS, or two workers run one job';
    problems.push({ path: 'OUTBOX_LEASE_MS', message: `expected at least ${leastMs} (${why})` });
  }
  if (s.OUTBOX_RETRY_MAX_MS < s.OUTBOX_RETRY_INITIAL_MS) {
    const message = `expected at least OUTBOX_RETRY_INITIAL_MS, ${s.OUTBOX_RETRY_INITIAL_MS}`;
    problems.push({ path: 'OUTBOX_RETRY_MAX_MS', message });
  }
  return problems;
}

function invalid(problems: readonly Problem[]): CodedError {
  return new CodedError('invalid-setting', 'A setting of this deployment is wrong', problems);
}
