import type { JobHandler } from '../../functions/src/outbox/index.ts';
import { openWorker, sweep } from '../../functions/src/outbox/index.ts';
import { systemClock } from '../../functions/src/kernel/index.ts';
import type { OperationRun } from '../results.ts';
import { backend } from './backend.ts';
import { JOB_TYPE } from './seed.ts';
import { sink } from './sink.ts';
import { bulkSlotsOf } from './slots.ts';
import { timedAndMetered } from './timed.ts';

/** As an operator starts it. */
export interface Asked {
  readonly kind: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** As fast as an operation may be; see `rowsPerSecond`. */
const MOST_ROWS_PER_SECOND = 1_000;
/** What the deployed worker has. */
const BUDGET_MS = 540_000;
/** A step that failed is due again some seconds later. */
const BETWEEN_SWEEPS_MS = 1_000;

/** Starts an operation, and makes its steps as a deployed worker does that was called for its slots. */
export async function runOperation({
  kind,
  params,
}: Asked): Promise<Omit<OperationRun, 'kind' | 'rows'>> {
  const terms = { by: 'bench', reason: 'measured', correlationId: 'bench' };
  const pace = { rowsPerSecond: MOST_ROWS_PER_SECOND };
  const { id } = await backend.operations.start({ kind, params, ...pace, ...terms });
  const slots = bulkSlotsOf({ part: 0, of: 1 });
  const ofBackend = backend.subscriptions.handlersFor();
  const handlers = (jobType: string): JobHandler | undefined =>
    jobType === JOB_TYPE ? sink : ofBackend(jobType);
  const memory = { lastFromZeroElapsedMs: undefined };
  const time = await timedAndMetered(async () => {
    while ((await backend.operations.get(id)).state === 'running') {
      const worker = openWorker(backend.processor, { by: 'task', handlers, budgetMs: BUDGET_MS });
      const { read } = await sweep(worker, memory, { slots });
      if (read === 0) await systemClock.wait(BETWEEN_SWEEPS_MS);
    }
  });
  const { state, done, lastError } = await backend.operations.get(id);
  if (state !== 'done') throw new Error(`${kind} is ${state}: ${JSON.stringify(lastError)}`);
  return { ...time, done, peakMiB: process.resourceUsage().maxRSS / 1_024 };
}
