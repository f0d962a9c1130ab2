import { flushCompileCache } from 'node:module';
import {
  createProcessor,
  openWorker,
  runJobsNow,
  sweep,
} from '../../functions/src/outbox/index.ts';
import type { OutboxJob, SweepMemory } from '../../functions/src/outbox/index.ts';
import { createFirestoreOutboxStore } from '../../functions/src/outbox/firestore/index.ts';
import { systemIds, systemRandom } from '../../functions/src/kernel/index.ts';
import { openEmulatorFirestore } from '../../functions/src/kernel/testing/emulator-firestore.ts';
import { fastClock, inFastTime } from './fast-time.ts';
import { createHandlers } from './handlers.ts';
import { Journal } from './journal.ts';
import type { TriggerMessage } from './orders.ts';
import { readOrders } from './orders.ts';

// One worker process: sweeps again and again as the tick and the workers it calls do, and runs the jobs it
// is sent at once, as the trigger does, until somebody kills it.

type Runner = OutboxJob['history'][number]['by'];

/** What the deployed functions are given: the tick 80 % of 110 s, the trigger 60 s. */
const TICK_BUDGET_MS = 88_000;
const TRIGGER_BUDGET_MS = 60_000;
/** Between two sweeps, in fast time. */
const PAUSE_MS = 5_000;
/** Sweeps of a share of the slots after each of all of them, where workers get into each other's way. */
const SWEEPS_OF_SHARE = 4;
const FIRST_BULK_SLOT = 1_000;

const { name, place, places, journal, time, settings } = readOrders();
// As the platform does before it ends an instance; it then waits a while for calls to end.
const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort());
const clock = fastClock(time);
const processor = createProcessor({
  store: inFastTime(time, createFirestoreOutboxStore(openEmulatorFirestore())),
  clock,
  ids: systemIds,
  random: systemRandom,
  logger: { write: (entry) => console.log(JSON.stringify({ worker: name, ...entry })) },
  settings,
  stopping: stopping.signal,
});
const byType = new Map(
  createHandlers(name, new Journal(journal)).map((handler) => [handler.jobType, handler]),
);

function openAs(by: Runner): ReturnType<typeof openWorker> {
  const budgetMs = by === 'trigger' ? TRIGGER_BUDGET_MS : TICK_BUDGET_MS;
  return openWorker(processor, { by, budgetMs, handlers: (jobType) => byType.get(jobType) });
}

function runForTrigger({ jobIds }: TriggerMessage): void {
  // Past its own row-by-row care it throws only if the database fails: that ends the process.
  runJobsNow(openAs('trigger'), jobIds).catch((error: unknown) => {
    console.error(error);
    process.exit(2);
  });
}

// Nobody is left to kill it.
process.on('disconnect', () => process.exit());
process.on('message', (message) => runForTrigger(message as TriggerMessage));

/** Every place has its share of the slots. */
const { normal, bulk } = settings.slots;
const all = [...range(0, normal), ...range(FIRST_BULK_SLOT, bulk)];
const share = all.filter((slot) => slot % places === place);

function range(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

const memory: SweepMemory = { lastFromZeroElapsedMs: undefined };
const memoryOfShare: SweepMemory = { lastFromZeroElapsedMs: undefined };
// Whoever is killed leaves nothing behind for its successor unless it does so now.
flushCompileCache();
// Its answer may find nobody, too.
process.send?.('ready', () => undefined);
while (!stopping.signal.aborted) {
  await sweep(openAs('tick'), memory);
  for (let times = 0; times < SWEEPS_OF_SHARE; times += 1) {
    await clock.wait(PAUSE_MS, stopping.signal);
    await sweep(openAs('task'), memoryOfShare, { slots: share });
  }
}
process.exit();
