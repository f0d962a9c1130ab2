import type { ServerTime } from '#kernel';
import type { BatchHandler, JobHandler } from '../model/handler.ts';
import type { OutboxJob } from '../model/job.ts';
import type { AttemptOutcome } from '../model/outcome.ts';
import type { AttemptResult } from './attempt.ts';
import { attempt, attemptBatch } from './attempt.ts';
import { sinkOf } from './pick-up.ts';
import type { Worker } from './worker.ts';

/** Runs a handler once; `open`: its sink is left alone for now, and was not called. */
export async function callOne(
  worker: Worker,
  job: OutboxJob,
  handler: JobHandler,
  time: ServerTime,
): Promise<AttemptResult | 'open'> {
  if (handler.kind === 'transactional') return attempt(worker, job, handler, time);
  const call = await worker.breakers.guard(sinkOf(handler), async (isProbe) => {
    const { outcome } = await attempt(worker, job, handler, time);
    return { hasFailed: isSinkFailure(outcome), outcome: judge(worker, handler, outcome, isProbe) };
  });
  return call === 'open' ? 'open' : { outcome: call.outcome, effects: undefined };
}

/** As `callOne`, for several jobs in one call, which has failed when all of them have. */
export async function callBatch(
  worker: Worker,
  jobs: readonly OutboxJob[],
  handler: BatchHandler,
  time: ServerTime,
): Promise<readonly AttemptOutcome[] | 'open'> {
  const call = await worker.breakers.guard(sinkOf(handler), async (isProbe) => {
    const outcomes = await attemptBatch(worker, jobs, handler, time);
    return {
      hasFailed: outcomes.every(isSinkFailure),
      outcomes: outcomes.map((outcome) => judge(worker, handler, outcome, isProbe)),
    };
  });
  return call === 'open' ? 'open' : call.outcomes;
}

/** A sink that refuses one job, or says when to come again, is there. */
function isSinkFailure({ kind }: AttemptOutcome): boolean {
  return kind === 'failure' || kind === 'unknown';
}

/** A failed probe says that the sink is still not there, and nothing of the job: it spends no attempt. */
function judge(
  { breakers }: Worker,
  handler: JobHandler,
  outcome: AttemptOutcome,
  isProbe: boolean,
): AttemptOutcome {
  if (!isProbe || (outcome.kind !== 'failure' && outcome.kind !== 'unknown')) return outcome;
  const mayHaveTakenIt = outcome.kind === 'unknown' && handler.kind === 'external';
  if (mayHaveTakenIt && handler.onUnknownOutcome === 'park') return outcome;
  const { message } = outcome;
  return { kind: 'retry-after', code: 'circuit-open', delayMs: breakers.openMs, message };
}
