import type { Logger } from '#kernel';
import { messageOf } from '#kernel';
import type { OutboxJob, Runner } from '../model/job.ts';
import type { AttemptOutcome } from '../model/outcome.ts';
import type { Settlement } from '../model/settlement.ts';
import type { MalformedRow } from '../store.ts';

/** Every line the engine logs, each named; all carry the ids one searches by at night. */
export interface ProcessorLogs {
  settled(job: OutboxJob, settlement: Settlement, outcome: AttemptOutcome, tookMs: number): void;
  takenOver(job: OutboxJob): void;
  leaseLost(job: OutboxJob): void;
  refusedToRun(job: OutboxJob, reason: string): void;
  unroutable(job: OutboxJob): void;
  parked(row: MalformedRow): void;
  mended(id: string, fields: readonly string[]): void;
  rowFailed(id: string, error: unknown): void;
  deadLetterWritesFailed(job: OutboxJob, error: unknown): void;
  circuitOpened(sink: string, openMs: number): void;
  circuitClosed(sink: string): void;
  observerFailed(error: unknown): void;
  wakeUpFailed(slots: readonly number[], error: unknown): void;
  swept(by: Runner, counts: Readonly<Record<string, number>>): void;
}

/** Every message has its name here and nowhere else. */
export function createProcessorLogs(logger: Logger): ProcessorLogs {
  return { ...logsOfJobs(logger), ...logsOfRows(logger), ...logsOfWorkers(logger) };
}

type LogsOfJobs = Pick<
  ProcessorLogs,
  'settled' | 'takenOver' | 'leaseLost' | 'refusedToRun' | 'unroutable' | 'deadLetterWritesFailed'
>;
type LogsOfRows = Pick<ProcessorLogs, 'parked' | 'mended' | 'rowFailed'>;

function logsOfJobs(logger: Logger): LogsOfJobs {
  return {
    settled: (job, settlement, outcome, tookMs) =>
      logger.write({
        severity:
          settlement.kind === 'failed' ? 'ERROR' : outcome.kind === 'success' ? 'INFO' : 'WARNING',
        message: `job ${settlement.kind}`,
        ...idsOf(job),
        tookMs,
        ...(settlement.kind === 'failed' ? { reason: settlement.reason } : {}),
        ...(outcome.kind === 'success' ? {} : { error: outcome.message }),
      }),
    takenOver: (job) =>
      logger.write({
        severity: 'WARNING',
        message: 'job taken over; its last worker never ended it',
        ...idsOf(job),
        crashes: job.crashes,
      }),
    leaseLost: (job) =>
      logger.write({ severity: 'WARNING', message: 'job lease-lost', ...idsOf(job) }),
    refusedToRun: (job, reason) =>
      logger.write({
        severity: 'ERROR',
        message: 'job failed without a run',
        ...idsOf(job),
        reason,
      }),
    unroutable: (job) =>
      logger.write({ severity: 'WARNING', message: 'job has no subscription', ...idsOf(job) }),
    deadLetterWritesFailed: (job, error) =>
      logger.write({
        severity: 'ERROR',
        message: 'dead letter written without what its subscription wanted beside it',
        ...idsOf(job),
        error: messageOf(error),
      }),
  };
}

function logsOfRows(logger: Logger): LogsOfRows {
  return {
    parked: ({ id, problem }) =>
      logger.write({
        severity: 'ERROR',
        message: 'job row parked as malformed',
        jobId: id,
        problem,
      }),
    mended: (jobId, fields) =>
      logger.write({
        severity: 'WARNING',
        message: 'job row mended; it is due now',
        jobId,
        fields,
      }),
    rowFailed: (id, error) =>
      logger.write({
        severity: 'ERROR',
        message: 'job could not be handled now; it stays due',
        jobId: id,
        error: messageOf(error),
      }),
  };
}

function logsOfWorkers(logger: Logger): Omit<ProcessorLogs, keyof LogsOfJobs | keyof LogsOfRows> {
  return {
    circuitOpened: (sink, openMs) =>
      logger.write({
        severity: 'WARNING',
        message: 'sink fails again and again; it is left alone for a while',
        sink,
        openMs,
      }),
    circuitClosed: (sink) =>
      logger.write({ severity: 'INFO', message: 'sink answers again', sink }),
    observerFailed: (error) =>
      logger.write({
        severity: 'WARNING',
        message: 'an ended job could not be counted',
        error: messageOf(error),
      }),
    wakeUpFailed: (slots, error) =>
      logger.write({
        severity: 'WARNING',
        message: 'worker could not be called; the next tick does its work',
        slots,
        error: messageOf(error),
      }),
    swept: (by, counts) =>
      logger.write({ severity: 'INFO', message: 'outbox swept', by, ...counts }),
  };
}

function idsOf(job: OutboxJob): Record<string, unknown> {
  return {
    jobId: job.id,
    jobType: job.jobType,
    orgId: job.orgId,
    eventId: job.eventId,
    runId: job.runId,
    attempt: job.attempts,
    correlationId: job.metadata.correlationId,
  };
}
