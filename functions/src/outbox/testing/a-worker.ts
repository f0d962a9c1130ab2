import type { LogEntry, Logger } from '#kernel';
import { countingIds, fixedRandom } from '../../kernel/testing/counting-ids.ts';
import { ManualClock } from '../../kernel/testing/manual-clock.ts';
import type { JobHandler } from '../model/handler.ts';
import type { Runner } from '../model/job.ts';
import { KEEP_SENT_MS } from '../model/job.ts';
import type { ControlsCache } from '../processor/controls-cache.ts';
import type { ProcessorParts, ProcessorSettings, Worker } from '../processor/worker.ts';
import { createProcessor, openWorker } from '../processor/worker.ts';
import type { OutboxStore } from '../store.ts';

/** The defaults of the deployment. */
export const DEFAULT_SETTINGS: ProcessorSettings = {
  leaseMs: 60_000,
  timeoutMs: 20_000,
  startMarginMs: 5_000,
  concurrency: 20,
  pageSize: 200,
  maxJobsPerRun: 500,
  keepSentMs: KEEP_SENT_MS,
  slots: { normal: 8, bulk: 4 },
};

/** Log lines, kept. */
export class KeptLogs implements Logger {
  readonly entries: LogEntry[] = [];

  write(entry: LogEntry): void {
    this.entries.push(entry);
  }

  /** The messages at `WARNING` and above. */
  get troubles(): string[] {
    const troubles = this.entries.filter(({ severity }) => ['WARNING', 'ERROR'].includes(severity));
    return troubles.map(({ message }) => message);
  }
}

/** What a test says of a worker; the rest is the deployment's default, a still clock and no chance. */
export interface WorkerSaid extends Partial<ProcessorParts> {
  /** What the instance knows; default: its own, that knows nothing yet. */
  readonly controls?: ControlsCache;
  readonly by?: Runner;
  readonly handlers?: readonly JobHandler[];
  readonly budgetMs?: number;
}

/** A worker with 100 s before it. */
export function aWorker({
  by = 'tick',
  handlers = [],
  budgetMs = 100_000,
  controls,
  ...said
}: WorkerSaid): Worker {
  const processor = createProcessor({
    store: noStore,
    clock: new ManualClock(),
    ids: countingIds('run'),
    random: fixedRandom(),
    logger: new KeptLogs(),
    settings: DEFAULT_SETTINGS,
    ...said,
  });
  const byType = new Map(handlers.map((handler) => [handler.jobType, handler]));
  return openWorker(
    { ...processor, controls: controls ?? processor.controls },
    { by, budgetMs, handlers: (jobType) => byType.get(jobType) },
  );
}

const refuse = () => Promise.reject(new Error('This test has no store.'));
const noStore: OutboxStore = {
  readControls: refuse,
  editControls: refuse,
  findDue: refuse,
  findPaused: refuse,
  readLine: refuse,
  readRows: refuse,
  write: refuse,
  scan: refuse,
  writeAll: refuse,
  findBlocking: refuse,
  settle: refuse,
  transact: refuse,
  park: refuse,
};
