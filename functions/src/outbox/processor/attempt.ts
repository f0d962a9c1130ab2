import type { ServerTime } from '#kernel';
import type {
  BatchHandler,
  CalledHandler,
  Effects,
  JobHandler,
  RunContext,
} from '../model/handler.ts';
import { isBatch } from '../model/handler.ts';
import type { OutboxJob } from '../model/job.ts';
import type { AttemptOutcome } from '../model/outcome.ts';
import { outcomeOfError } from '../model/outcome.ts';
import { inSendSpan } from './job-spans.ts';
import type { Worker } from './worker.ts';
import { timeoutOf } from './worker.ts';

/** How an attempt ended, and what a transactional handler wants written. */
export interface AttemptResult {
  readonly outcome: AttemptOutcome;
  readonly effects: Effects | undefined;
}

const SUCCESS: AttemptOutcome = { kind: 'success' };

/** Runs a handler once, within its time. Never rejects: whatever is thrown is an outcome. */
export async function attempt(
  worker: Worker,
  job: OutboxJob,
  handler: CalledHandler,
  time: ServerTime,
): Promise<AttemptResult> {
  if (isBatch(handler)) {
    const [outcome = SUCCESS] = await attemptBatch(worker, [job], handler, time);
    return { outcome, effects: undefined };
  }
  return withinTime(worker, handler, time, {
    run: async (context) => {
      if (handler.kind === 'transactional') {
        return { outcome: SUCCESS, effects: await handler.handle(job, context) };
      }
      await inSendSpan([job], () => handler.send(job, context));
      return { outcome: SUCCESS, effects: undefined };
    },
    failed: (outcome) => ({ outcome, effects: undefined }),
  });
}

/** As `attempt`, for several jobs in one call: an outcome for each, in their order. */
export function attemptBatch(
  worker: Worker,
  jobs: readonly OutboxJob[],
  handler: BatchHandler,
  time: ServerTime,
): Promise<AttemptOutcome[]> {
  const forAll = (outcome: AttemptOutcome): AttemptOutcome[] => jobs.map(() => outcome);
  return withinTime(worker, handler, time, {
    run: async (context) => {
      // A list of its own: what the handler does to it is not done to ours.
      const results: unknown = await inSendSpan(jobs, () => handler.sendBatch([...jobs], context));
      const outcomes = Array.isArray(results) ? results.map(outcomeOfResult) : [];
      const told = outcomes.filter((outcome) => outcome !== undefined);
      if (told.length === jobs.length && outcomes.length === jobs.length) return told;
      const message = `The handler answered ${told.length} outcomes for ${jobs.length} jobs.`;
      return forAll({ kind: 'unknown', code: 'batch-answer', message });
    },
    failed: forAll,
  });
}

interface SettledResult {
  readonly status?: unknown;
  readonly reason?: unknown;
}

/** Of whatever a handler answers; undefined where it says nothing of how its job ended. */
function outcomeOfResult(result: unknown): AttemptOutcome | undefined {
  const { status, reason }: SettledResult = result ?? {};
  if (status === 'rejected') return outcomeOfError(reason);
  return status === 'fulfilled' ? SUCCESS : undefined;
}

/** A run of a handler, and what it is where it did not come to its end. */
interface Attempting<Result> {
  readonly run: (context: RunContext) => Promise<Result>;
  readonly failed: (outcome: AttemptOutcome) => Result;
}

/** Runs a handler in some way, and gives it up after its time. Never rejects. */
export async function withinTime<Result>(
  worker: Worker,
  handler: JobHandler,
  time: ServerTime,
  { run, failed }: Attempting<Result>,
): Promise<Result> {
  const timeoutMs = timeoutOf(handler, worker.settings);
  const abort = new AbortController();
  const ended = new AbortController();
  const timeout = worker.clock.wait(timeoutMs, ended.signal).then(() => {
    if (!ended.signal.aborted) abort.abort();
    return failed(timedOut(handler, timeoutMs));
  });
  try {
    return await Promise.race([run({ time, signal: abort.signal }), timeout]);
  } catch (error) {
    return failed(outcomeOfError(error));
  } finally {
    // A reason of its own: the default is an error with a stack, for nobody to read.
    ended.abort('ended');
  }
}

/** Nothing of a transactional handler was written, so its outcome is known; a sink may have taken it. */
function timedOut(handler: JobHandler, timeoutMs: number): AttemptOutcome {
  const message = `The handler did not end within ${timeoutMs} ms and was aborted.`;
  return { kind: handler.kind === 'external' ? 'unknown' : 'failure', code: 'timeout', message };
}
