import type { ServerTime } from '#kernel';
import type { Effects, JobHandler, RunContext } from '../model/handler.ts';
import type { OutboxJob } from '../model/job.ts';
import type { AttemptOutcome } from '../model/outcome.ts';
import { outcomeOfError } from '../model/outcome.ts';
import type { Worker } from './worker.ts';
import { timeoutOf } from './worker.ts';

/** How an attempt ended, and what a transactional handler wants written. */
export interface AttemptResult {
  readonly outcome: AttemptOutcome;
  readonly effects: Effects | undefined;
}

/** Runs a handler once, within its time. Never rejects: whatever is thrown is an outcome. */
export async function attempt(
  worker: Worker,
  job: OutboxJob,
  handler: JobHandler,
  time: ServerTime,
): Promise<AttemptResult> {
  const timeoutMs = timeoutOf(handler, worker.settings);
  const abort = new AbortController();
  const ended = new AbortController();
  const context: RunContext = { time, signal: abort.signal };
  const timeout = worker.clock.wait(timeoutMs, ended.signal).then((): AttemptResult => {
    if (!ended.signal.aborted) abort.abort();
    return { outcome: timedOut(handler, timeoutMs), effects: undefined };
  });
  try {
    return await Promise.race([run(job, handler, context), timeout]);
  } catch (error) {
    return { outcome: outcomeOfError(error), effects: undefined };
  } finally {
    ended.abort();
  }
}

async function run(
  job: OutboxJob,
  handler: JobHandler,
  context: RunContext,
): Promise<AttemptResult> {
  if (handler.kind === 'transactional') {
    return { outcome: { kind: 'success' }, effects: await handler.handle(job, context) };
  }
  await handler.send(job, context);
  return { outcome: { kind: 'success' }, effects: undefined };
}

/** Nothing of a transactional handler was written, so its outcome is known; a sink may have taken it. */
function timedOut(handler: JobHandler, timeoutMs: number): AttemptOutcome {
  const message = `The handler did not end within ${timeoutMs} ms and was aborted.`;
  return { kind: handler.kind === 'external' ? 'unknown' : 'failure', code: 'timeout', message };
}
