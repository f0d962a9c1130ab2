export { changeSlots, pauseJobs, resumeJobs } from './controls/pause.ts';
export type { Asking } from './controls/pause.ts';
export { cancelJob } from './dead-letters/cancel.ts';
export type { CancelResult } from './dead-letters/cancel.ts';
export { redriveJob } from './dead-letters/redrive.ts';
export type { RedriveOptions, RedriveResult } from './dead-letters/redrive.ts';
export { handleOnce, KEEP_HANDLED_MS } from './inbox/handle-once.ts';
export type { HandleResult, Handling } from './inbox/handle-once.ts';
export type { PauseTarget } from './model/controls.ts';
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
export type { SlotCounts } from './model/slots.ts';
export { JOB_STATUSES, KEEP_SENT_MS } from './model/job.ts';
export type { JobMetadata, JobStatus, OutboxJob } from './model/job.ts';
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
export { recordPendingJob } from './record/record-job.ts';
export type { RecordingOptions } from './record/record-job.ts';
export { repairRows } from './repair/repair-rows.ts';
export type { RepairReport } from './repair/repair-rows.ts';
export type { OutboxStore } from './store.ts';
