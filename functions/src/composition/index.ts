export {
  emitBatch,
  emitDomainEventWithOutbox,
  failedRequest,
  getApi,
  getBackend,
  REGION,
  startOperation,
} from './backend.ts';
export type { AnyEvent } from './catalog.ts';
export { catalog } from './catalog.ts';
export * as commands from './commands.ts';
export { decodeEvent, executeCommand, jobIdsOf } from '#events';
export type { Command, DomainEvent } from '#events';
export { firebaseLogger } from './firebase-logger.ts';
export {
  dailySchedule,
  maxWorkers,
  outboxSchedule,
  phoneHashKey,
  readWebhookSecrets,
  stripeWebhookSecrets,
} from './params.ts';
export type { PaymentAnswer } from './payments.ts';
export { TIME_ZONE } from './schedule.ts';
export { TRIGGER_TIMEOUT_SECONDS } from './settings.ts';
export {
  getBackoffMs,
  openWorker,
  outboxIdempotencyKeyForEvent,
  parseWorkerTask,
  repairRows,
  runJobsNow,
  sweep,
  workTask,
} from '#outbox';
export type { SweepMemory, Worker } from '#outbox';
export { verifySignature } from '../features/orders/index.ts';
