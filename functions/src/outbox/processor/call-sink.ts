import type { ServerTime } from '#kernel';
import type { BatchHandler, CalledHandler } from '../model/handler.ts';
import type { OutboxJob } from '../model/job.ts';
import type { AttemptOutcome } from '../model/outcome.ts';
import type { AttemptResult } from './attempt.ts';
import { attempt, attemptBatch } from './attempt.ts';
import { sinkWaitMs } from '../model/pickup.ts';
import { sinkOf } from './decide.ts';
import type { Worker } from './worker.ts';

/** Runs a handler once; `open`: its sink is left alone for now, and was not called. */
export async function callOne(
  worker: Worker,
  job: OutboxJob,
  handler: CalledHandler,
  time: ServerTime,
): Promise<AttemptResult | 'open'> {
  if (handler.kind === 'transactional') return attempt(worker, job, handler, time);
  const call = await worker.breakers.guard(sinkOf(handler, job), async (isProbe) => {
    const { outcome } = await attempt(worker, job, handler, time);
    const hasFailed = isSinkFailure(outcome);
    if (!isProbe) return { hasFailed, outcome };
    const nowMs = time.nowMs();
    return { hasFailed, outcome: judgeProbe(worker, handler, outcome, { job, nowMs }) };
  });
  return call === 'open' ? 'open' : { outcome: call.outcome, effects: undefined };
}

/** As `callOne`, for several jobs of one sink in one call, which has failed when all of them have. */
export async function callBatch(
  worker: Worker,
  jobs: readonly OutboxJob[],
  handler: BatchHandler,
  time: ServerTime,
): Promise<readonly AttemptOutcome[] | 'open'> {
  const [first] = jobs;
  if (first === undefined) return [];
  const call = await worker.breakers.guard(sinkOf(handler, first), async (isProbe) => {
    const outcomes = await attemptBatch(worker, jobs, handler, time);
    const hasFailed = outcomes.every(isSinkFailure);
    if (!isProbe) return { hasFailed, outcomes };
    const nowMs = time.nowMs();
    const judged = jobs.flatMap((job, index) => {
      const outcome = outcomes[index];
      return outcome === undefined ? [] : [judgeProbe(worker, handler, outcome, { job, nowMs })];
    });
    return { hasFailed, outcomes: judged };
  });
  return call === 'open' ? 'open' : call.outcomes;
}

/** A sink that refuses one job, or says when to come again, is there. */
function isSinkFailure({ kind }: AttemptOutcome): boolean {
  return kind === 'failure' || kind === 'unknown';
}

/**
 * A failed probe says that the sink is still not there, and nothing of the job: it spends no attempt. But
 * should it be the job after all, others have to be the next to probe, or they would wait until it is dead.
 */
function judgeProbe(
  { breakers }: Worker,
  handler: CalledHandler,
  outcome: AttemptOutcome,
  { job, nowMs }: { readonly job: OutboxJob; readonly nowMs: number },
): AttemptOutcome {
  if (outcome.kind !== 'failure' && outcome.kind !== 'unknown') return outcome;
  const mayHaveTakenIt = outcome.kind === 'unknown' && handler.kind === 'external';
  if (mayHaveTakenIt && handler.onUnknownOutcome === 'park') return outcome;
  const { message } = outcome;
  const delayMs = sinkWaitMs(job, handler.policy, { nowMs, openForMs: breakers.openMs });
  return { kind: 'retry-after', code: 'circuit-open', delayMs, message };
}
