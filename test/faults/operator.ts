import { flushCompileCache } from 'node:module';
import { systemIds, systemRandom } from '../../functions/src/kernel/index.ts';
import { createDocumentReader } from '../../functions/src/kernel/firestore/index.ts';
import { openEmulatorFirestore } from '../../functions/src/kernel/testing/emulator-firestore.ts';
import { createStepHandler } from '../../functions/src/operations/index.ts';
import { createFirestoreOutboxStore } from '../../functions/src/outbox/firestore/index.ts';
import type { JobHandler, SweepMemory } from '../../functions/src/outbox/index.ts';
import {
  createProcessor,
  openWorker,
  QUICK_RETRY_POLICY,
  sweep,
} from '../../functions/src/outbox/index.ts';
import type { FastTime } from './fast-time.ts';
import { fastClock, inFastTime } from './fast-time.ts';
import { createKinds, readModelHandlers } from './operation-kinds.ts';
import { DEPLOYED } from './scene.ts';

// A process that makes the steps of operations, and runs the jobs that these send round again, until somebody
// kills it. It says when it begins a step.

/** What the deployed functions are given: the tick 80 % of 110 s. */
const TICK_BUDGET_MS = 88_000;
/** Between two sweeps, in fast time. */
const PAUSE_MS = 1_000;

const time = JSON.parse(process.env['FAULTS_TIME'] ?? '') as FastTime;
const firestore = openEmulatorFirestore();
const clock = fastClock(time);
const store = inFastTime(time, createFirestoreOutboxStore(firestore));
const kinds = createKinds(firestore, store);
const steps = createStepHandler({ reader: createDocumentReader(firestore), kinds, clock });

/** Jobs that do nothing are done all the same. */
function sink(jobType: string): JobHandler {
  const policy = QUICK_RETRY_POLICY;
  const handle = (): ReturnType<typeof steps.handle> => Promise.resolve({ writes: [], jobs: [] });
  return { kind: 'transactional', jobType, policy, handle };
}

const heard: JobHandler = {
  ...steps,
  handle: (job, context) => {
    process.send?.('step', () => undefined);
    return steps.handle(job, context);
  },
};
const handlers = new Map(
  [heard, sink('mail'), sink('push'), sink('audit'), ...readModelHandlers(firestore)].map(
    (handler) => [handler.jobType, handler],
  ),
);
const processor = createProcessor({
  store,
  clock,
  ids: systemIds,
  random: systemRandom,
  logger: { write: () => undefined },
  settings: DEPLOYED,
});

// Nobody is left to kill it.
process.on('disconnect', () => process.exit());
// Whoever is killed leaves nothing behind for its successor unless it does so now.
flushCompileCache();
const memory: SweepMemory = { lastFromZeroElapsedMs: undefined };
for (;;) {
  const budgetMs = TICK_BUDGET_MS;
  const find = (jobType: string): JobHandler | undefined => handlers.get(jobType);
  await sweep(openWorker(processor, { by: 'tick', budgetMs, handlers: find }), memory);
  await clock.wait(PAUSE_MS);
}
