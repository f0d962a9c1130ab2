export { changeSlots, pauseJobs, resumeJobs } from './controls/pause.ts';
export type { Asking } from './controls/pause.ts';
export { cancelJob, planCancel } from './dead-letters/cancel.ts';
export type { CancelPlan, CancelResult } from './dead-letters/cancel.ts';
export { planPurge } from './dead-letters/purge.ts';
export type { PurgePlan } from './dead-letters/purge.ts';
export { planRedrive, redriveJob } from './dead-letters/redrive.ts';
export type { RedriveOptions, RedrivePlan, RedriveResult } from './dead-letters/redrive.ts';
export { planWake } from './dead-letters/wake-head.ts';
export { handleOnce, KEEP_HANDLED_MS } from './inbox/handle-once.ts';
export type { HandleResult, Handling } from './inbox/handle-once.ts';
export { pauseId } from './model/controls.ts';
export type { Pause, PauseTarget } from './model/controls.ts';
export {
  PermanentError,
  RefusedError,
  RetryAfterError,
  UnknownOutcomeError,
  UnroutableError,
} from './model/handler-errors.ts';
export type {
  BatchHandler,
  Effects,
  ExternalHandler,
  HandlerLookup,
  JobHandler,
  NewJob,
  Place,
  RunContext,
  SinkJob,
  TransactHandler,
  TransactionalHandler,
} from './model/handler.ts';
export { jobId, outboxIdempotencyKeyForEvent } from './model/job-id.ts';
export { slotsToRead } from './model/slots.ts';
export type { SlotCounts } from './model/slots.ts';
export { FAILURE_REASONS, JOB_STATUSES, KEEP_SENT_MS, RUN_OUTCOMES, RUNNERS } from './model/job.ts';
export type { JobMetadata, JobStatus, OutboxJob } from './model/job.ts';
export type { JobEnd } from './model/job-end.ts';
export { DEFAULT_RETRY_POLICY, getBackoffMs, QUICK_RETRY_POLICY } from './model/retry-policy.ts';
export type { RetryPolicy } from './model/retry-policy.ts';
export type { Breakers } from './processor/breakers.ts';
export { runJobsNow } from './processor/fast-path.ts';
export { sweep } from './processor/sweep.ts';
export type { SweepMemory, SweepScope } from './processor/sweep.ts';
export type { SweepReport } from './processor/tally.ts';
export type { ScaleOutParts, TaskQueue, WorkerTask } from './processor/scale-out.ts';
export { parseWorkerTask, workTask } from './processor/work-task.ts';
export { createProcessor, openWorker, refuseMisfits } from './processor/worker.ts';
export type { Processor, ProcessorParts, ProcessorSettings, Worker } from './processor/worker.ts';
export type { BlockedLine, JobCounts, StatusCounts } from './questions/job-answers.ts';
export type { DeadLetterQuery, JobPage, JobQuery, MalformedJob } from './questions/job-query.ts';
export { recordPendingJob } from './record/record-job.ts';
export type { RecordingOptions } from './record/record-job.ts';
export { repairRows } from './repair/repair-rows.ts';
export type { RepairReport } from './repair/repair-rows.ts';
export type { Move } from './model/move.ts';
export type { JobRow, OutboxStore, Row } from './store.ts';
