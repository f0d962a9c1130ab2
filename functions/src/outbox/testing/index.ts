export { countingIds, fixedRandom } from '../../kernel/testing/counting-ids.ts';
export { ManualClock } from '../../kernel/testing/manual-clock.ts';
export { aWorker, DEFAULT_SETTINGS, KeptLogs } from './a-worker.ts';
export type { WorkerSaid } from './a-worker.ts';
export {
  aChild,
  aJob,
  anEntry,
  aRun,
  aRunningJob,
  aSink,
  aTransactor,
  aWriter,
  NO_EFFECTS,
  PLAIN_POLICY,
  T0,
} from './factories.ts';
export { outboxStoreContract } from './store-contract.ts';
export type { MakeStore, StoreUnderTest } from './store-contract/bench.ts';
export { taskQueueContract } from './task-queue-contract.ts';
export type {
  MakeTaskQueue,
  TaskQueueTraits,
  TaskQueueUnderTest,
  WorkerCall,
} from './task-queue-contract.ts';
