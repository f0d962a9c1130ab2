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
  swept(by: Runner, counts: Readonly<Record<string, number>>): void;
}

export function createProcessorLogs(logger: Logger): ProcessorLogs {
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
