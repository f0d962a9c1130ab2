import type { ServerTime } from '#kernel';
import type { CalledHandler, Effects, JobHandler } from '../model/handler.ts';
import { isTransact } from '../model/handler.ts';
import type { OutboxJob } from '../model/job.ts';
import { outcomeOfError } from '../model/outcome.ts';
import { endRun, startRun } from '../model/transitions.ts';
import type { JobRow } from '../store.ts';
import { callOne } from './call-sink.ts';
import type { PlannedEffects } from './children.ts';
import { newRun, planEffects } from './children.ts';
import { inJobSpan } from './job-spans.ts';
import { runInTransaction } from './run-in-transaction.ts';
import type { Ended, RunEnd } from './settle-run.ts';
import { giveBack, settleAlone, tellSettled } from './settle-run.ts';
import type { Worker } from './worker.ts';
import { hasTimeFor, timeoutOf } from './worker.ts';

/** Claims a row, runs it and settles it. */
export async function claimAndRun(
  worker: Worker,
  row: JobRow,
  handler: JobHandler,
  time: ServerTime,
): Promise<RunEnd[]> {
  const claimed = await claim(worker, row, time);
  return claimed === undefined ? ['lost'] : runClaimed(worker, claimed, handler, time);
}

/** Takes a row for a fresh run of this worker; undefined where somebody else was first. */
export async function claim(
  worker: Worker,
  row: JobRow,
  time: ServerTime,
): Promise<JobRow | undefined> {
  const written = await worker.store.write(row.fence, startRun(row.job, newRun(worker, time)));
  if (written.kind === 'lost') return undefined;
  if (row.job.status === 'processing') worker.logs.takenOver(written.row.job);
  return written.row;
}

/**
 * Runs a claimed job, or gives it back: the write that claimed it may have taken long, and a handler
 * that outlives its lease would run beside another.
 */
async function runClaimed(
  worker: Worker,
  row: JobRow,
  handler: JobHandler,
  time: ServerTime,
): Promise<RunEnd[]> {
  if (hasLeaseFor(worker, handler, row.job, time)) return runStarted(worker, row, handler, time);
  const nowMs = time.nowMs();
  return [await giveBack(worker, row, { nowMs, dueAtMs: nowMs })];
}

/** Whether a handler started now would end, or be aborted, before its lease and its invocation do. */
export function hasLeaseFor(
  worker: Worker,
  handler: JobHandler,
  { lease }: OutboxJob,
  time: ServerTime,
): boolean {
  const leftMs = (lease?.expiresAt ?? 0) - time.nowMs();
  const needsMs = timeoutOf(handler, worker.settings) + worker.settings.startMarginMs;
  return leftMs >= needsMs && hasTimeFor(worker, handler);
}

/**
 * Runs a transactional job without a claim: nothing happens before the settling commit, which carries
 * the row's fence, so two workers at once cost one of them its work and nothing else. Saves a write.
 */
export async function runUnclaimed(
  worker: Worker,
  row: JobRow,
  handler: JobHandler,
  time: ServerTime,
): Promise<RunEnd[]> {
  const job = startRun(row.job, newRun(worker, time));
  return runStarted(worker, { ...row, job }, handler, time);
}

/** How a run ended, how its children end, and who goes on in its place meanwhile. */
interface RunDone {
  readonly end: RunEnd | undefined;
  readonly children?: Promise<readonly RunEnd[]> | undefined;
  readonly successor?: JobRow | undefined;
}

/** Runs a job that is ours by its fence, and whoever goes on in its place. */
async function runStarted(
  worker: Worker,
  row: JobRow,
  handler: JobHandler,
  time: ServerTime,
): Promise<RunEnd[]> {
  const runs = [await runOnce(worker, row, handler, time)];
  for (;;) {
    const successor = runs.at(-1)?.successor;
    if (successor === undefined) break;
    runs.push(await runSuccessor(worker, successor, handler, time));
  }
  const children = await Promise.all(runs.flatMap((run) => run.children ?? []));
  return [...runs.flatMap(({ end }) => end ?? []), ...children.flat()];
}

/** Nothing is thrown: those before it are settled. */
async function runSuccessor(
  worker: Worker,
  row: JobRow,
  handler: JobHandler,
  time: ServerTime,
): Promise<RunDone> {
  try {
    if (hasLeaseFor(worker, handler, row.job, time))
      return await runOnce(worker, row, handler, time);
    const nowMs = time.nowMs();
    return { end: await giveBack(worker, row, { nowMs, dueAtMs: nowMs }) };
  } catch (error) {
    worker.logs.rowFailed(row.job.id, error);
    return { end: undefined };
  }
}

/** Runs a job that is ours by its fence, and settles it. */
function runOnce(
  worker: Worker,
  row: JobRow,
  handler: JobHandler,
  time: ServerTime,
): Promise<RunDone> {
  return inJobSpan(row.job, () => callAndSettle(worker, row, handler, time));
}

async function callAndSettle(
  worker: Worker,
  row: JobRow,
  handler: JobHandler,
  time: ServerTime,
): Promise<RunDone> {
  if (isTransact(handler)) return { end: await runInTransaction(worker, row, handler, time) };
  const called = await callOne(worker, row.job, handler, time);
  if (called === 'open') {
    const nowMs = time.nowMs();
    const dueAtMs = nowMs + worker.breakers.openMs;
    return { end: await giveBack(worker, row, { nowMs, dueAtMs }) };
  }
  const { outcome, effects } = called;
  return effects === undefined
    ? { end: await settleAlone(worker, row, handler, { outcome, time }) }
    : settleWith(worker, row, handler, { outcome, time, effects });
}

/** Settles a run together with its effects, and begins the children it was given capacity for. */
async function settleWith(
  worker: Worker,
  row: JobRow,
  handler: CalledHandler,
  { effects, ...ended }: Ended & { readonly effects: Effects },
): Promise<RunDone> {
  const { time, outcome } = ended;
  const at = { parent: row.job, time, pauses: await worker.controls.pauses() };
  const planned = planOrError(() => planEffects(worker, effects, at));
  if ('error' in planned) {
    const failed = { outcome: outcomeOfError(planned.error), time };
    return { end: await settleAlone(worker, row, handler, failed) };
  }
  let hasBegun = false;
  try {
    const settlement = { kind: 'sent' } as const;
    const { keepSentMs } = worker.settings;
    const ending = { settlement, outcome, nowMs: time.nowMs(), keepSentMs };
    const next = endRun(row.job, handler, ending);
    const settled = await worker.store.settle(row.fence, next, planned);
    if (settled.kind === 'settled') {
      tellSettled(worker, row, settlement, ended);
      const [successor, others] = split(settled.started, planned);
      hasBegun = true;
      const children = runChildren(worker, others, time).finally(() =>
        giveBackPlaces(worker, planned),
      );
      return { end: 'sent', children, successor };
    }
    if (settled.kind === 'lost') {
      worker.logs.leaseLost(row.job);
      return { end: 'lost' };
    }
    const refused = outcomeOfError(settled.error);
    return { end: await settleAlone(worker, row, handler, { outcome: refused, time }) };
  } finally {
    if (!hasBegun) giveBackPlaces(worker, planned);
  }
}

function giveBackPlaces({ capacity }: Worker, { places }: PlannedEffects): void {
  for (let place = 0; place < places; place += 1) capacity.giveBack();
}

/** Of the started children the one that goes on in its parent's place, if it was not there before, and the rest. */
function split(
  started: readonly JobRow[],
  { goesOn, started: [first] }: PlannedEffects,
): readonly [successor: JobRow | undefined, children: readonly JobRow[]] {
  const successor = goesOn ? started.find(({ job }) => job.id === first?.id) : undefined;
  return [successor, started.filter((row) => row !== successor)];
}

/** What a handler answered may be anything. */
function planOrError(plan: () => PlannedEffects): PlannedEffects | { readonly error: unknown } {
  try {
    return plan();
  } catch (error) {
    return { error };
  }
}

async function runChildren(
  worker: Worker,
  started: readonly JobRow[],
  time: ServerTime,
): Promise<RunEnd[]> {
  const ends = await Promise.all(started.map((row) => runChild(worker, row, time)));
  return ends.flat();
}

/** Nothing is thrown: the parent is settled, and its other children are at work. */
async function runChild(worker: Worker, row: JobRow, time: ServerTime): Promise<RunEnd[]> {
  try {
    const handler = worker.handlers(row.job.jobType);
    return handler === undefined ? [] : await runClaimed(worker, row, handler, time);
  } catch (error) {
    worker.logs.rowFailed(row.job.id, error);
    return [];
  }
}
