import type { ServerTime } from '#kernel';
import type { TransactHandler } from '../model/handler.ts';
import type { AttemptOutcome } from '../model/outcome.ts';
import { outcomeOfError } from '../model/outcome.ts';
import { jitteredBackoffMs } from '../model/retry-policy.ts';
import { endRun } from '../model/transitions.ts';
import type { JobRow, SettlingWork, TransactResult } from '../store.ts';
import { withinTime } from './attempt.ts';
import { recordChild } from './children.ts';
import type { RunEnd } from './settle-run.ts';
import { settleAlone, tellSettled } from './settle-run.ts';
import type { Worker } from './worker.ts';

const SUCCESS = { kind: 'success' } as const;
const SENT = { kind: 'sent' } as const;

/** How a transaction ended: as the row, for somebody else, or as an attempt that has to be settled yet. */
type TransactEnd =
  | { readonly kind: 'settled' | 'lost' }
  | { readonly kind: 'open'; readonly outcome: AttemptOutcome }
  /** The database failed: nobody knows how it ended. */
  | { readonly kind: 'broken'; readonly error: unknown };

/** Runs a job that is ours by its fence in the transaction that settles it. */
export async function runInTransaction(
  worker: Worker,
  row: JobRow,
  handler: TransactHandler,
  time: ServerTime,
): Promise<RunEnd> {
  const end = await transact(worker, row, handler, time);
  if (end.kind === 'open') {
    return settleAlone(worker, row, handler, { outcome: end.outcome, time });
  }
  if (end.kind === 'broken') throw end.error;
  if (end.kind === 'lost') {
    worker.logs.leaseLost(row.job);
    return 'lost';
  }
  tellSettled(worker, row, SENT, { outcome: SUCCESS, time });
  return 'sent';
}

function transact(
  worker: Worker,
  row: JobRow,
  handler: TransactHandler,
  time: ServerTime,
): Promise<TransactEnd> {
  return withinTime<TransactEnd>(worker, handler, time, {
    run: async (context) => {
      const work: SettlingWork = async (transaction) => {
        // Given up: it must not settle a job beside the one who does.
        context.signal.throwIfAborted();
        const jobs = await handler.transact(row.job, transaction, context);
        context.signal.throwIfAborted();
        const { keepSentMs } = worker.settings;
        const ended = { settlement: SENT, outcome: SUCCESS, nowMs: time.nowMs(), keepSentMs };
        return {
          next: endRun(row.job, handler, ended),
          pending: jobs.map((job) => recordChild(worker, job)),
        };
      };
      try {
        return endOf(worker, handler, await worker.store.transact(row, work));
      } catch (error) {
        return { kind: 'broken', error };
      }
    },
    failed: open,
  });
}

function endOf(worker: Worker, handler: TransactHandler, result: TransactResult): TransactEnd {
  if (result.kind === 'refused') return open(outcomeOfError(result.error));
  return result.kind === 'contended' ? open(comeAgain(worker, handler)) : { kind: result.kind };
}

function open(outcome: AttemptOutcome): TransactEnd {
  return { kind: 'open', outcome };
}

/** Others were quicker, time and again: that says nothing of the job, and spends no attempt. */
function comeAgain({ random }: Worker, { policy }: TransactHandler): AttemptOutcome {
  const delayMs = jitteredBackoffMs(1, policy, random);
  const message = 'Others kept changing what the handler had read.';
  return { kind: 'retry-after', code: 'contention', delayMs, message };
}
