import type { ServerTime } from '#kernel';
import type { JobHandler } from '../model/handler.ts';
import type { AttemptOutcome } from '../model/outcome.ts';
import type { Settlement } from '../model/settlement.ts';
import { decideSettlement } from '../model/settlement.ts';
import { endOfRun } from '../model/job-end.ts';
import { endRun, release } from '../model/transitions.ts';
import type { JobRow } from '../store.ts';
import { wakeUpAt } from './call-workers.ts';
import { sinkOf } from './decide.ts';
import { tell } from './observe.ts';
import type { Worker } from './worker.ts';
import { writeEnd } from './write-end.ts';

/** How a started job ended for this worker. `lost`: the row moved on without it; its result is dropped. */
export type RunEnd = Settlement['kind'] | 'released' | 'lost';

/** The outcome of a run, and the server's time to settle it by. */
export interface Ended {
  readonly outcome: AttemptOutcome;
  readonly time: ServerTime;
}

/** Settles a run that has no effects in Firestore; what it is to be done about it, its policy says. */
export async function settleAlone(
  worker: Worker,
  row: JobRow,
  handler: JobHandler,
  ended: Ended,
): Promise<RunEnd> {
  const nowMs = ended.time.nowMs();
  const at = { nowMs, random: worker.random };
  const settlement = decideSettlement(row.job, ended.outcome, handler, at);
  const { keepSentMs } = worker.settings;
  const next = endRun(row.job, handler, { settlement, outcome: ended.outcome, nowMs, keepSentMs });
  if ((await writeEnd(worker, { fence: row.fence, next }, handler)) === 'lost') {
    worker.logs.leaseLost(row.job);
    return 'lost';
  }
  tellSettled(worker, row, settlement, ended);
  if (settlement.kind === 'retry') await wakeUpAt(worker, next.slot, settlement.atMs, nowMs);
  return settlement.kind;
}

/** Gives a claimed job back that was not begun. */
export async function giveBack(
  worker: Worker,
  { job, fence }: JobRow,
  at: { readonly nowMs: number; readonly dueAtMs: number },
): Promise<RunEnd> {
  const released = await worker.store.write(fence, release(job, at));
  return released.kind === 'lost' ? 'lost' : 'released';
}

/** Logs a written end, and tells the observer of it. */
export function tellSettled(
  worker: Worker,
  { job }: JobRow,
  settlement: Settlement,
  { outcome, time }: Ended,
): void {
  const nowMs = time.nowMs();
  const startedAt = job.history.at(-1)?.startedAt ?? nowMs;
  worker.logs.settled(job, settlement, outcome, nowMs - startedAt);
  tell(worker, () => {
    const handler = worker.handlers(job.jobType);
    return endOfRun(job, {
      by: worker.by,
      end: settlement.kind,
      reason: settlement.kind === 'failed' ? settlement.reason : undefined,
      code: outcome.kind === 'success' ? undefined : outcome.code,
      sink: handler?.kind === 'external' ? sinkOf(handler, job) : undefined,
      atMs: nowMs,
    });
  });
}
