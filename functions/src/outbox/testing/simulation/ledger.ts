import { MINUTE_MS } from '#kernel';
import type { OutboxJob } from '../../model/job.ts';
import type {
  DeadLetterFate,
  HandlerCall,
  Invocation,
  JobFacts,
  PauseFacts,
  RunFacts,
} from './facts.ts';
import { spendsNothing } from './facts.ts';
import { Process } from './process.ts';
import type { ChangeKind, RowChange } from './row-change.ts';
import { isEnd, isStart } from './row-change.ts';

/** What really happened, as nobody inside can know it. */
export class Ledger {
  readonly jobs = new Map<string, JobFacts>();
  readonly runs = new Map<string, RunFacts>();
  readonly invocations: Invocation[] = [];
  /** The jobs that there have to be. */
  readonly causes = new Set<string>();
  /** The pauses in force, and those that are being resumed. */
  pauses: readonly PauseFacts[] = [];
  /** How often a transaction was given up because others were always quicker. */
  contentions = 0;
  /** How many jobs each call with a batch was made with. */
  readonly batches: number[] = [];
  /** What each dead letter, by its path, is to have beside it. */
  readonly deadLetters = new Map<string, DeadLetterFate>();
  /** How often each transition was made. */
  readonly changes: Partial<Record<ChangeKind, number>> = {};
  readonly #lines = new Map<string, JobFacts[]>();

  job(id: string): JobFacts {
    const known = this.jobs.get(id);
    if (known !== undefined) return known;
    const job: JobFacts = {
      id,
      row: undefined,
      isVandalised: false,
      starts: [],
      deliveries: [],
      effects: [],
      children: [],
      calls: 0,
      spent: 0,
      unended: 0,
      wasPausedLate: false,
      place: undefined,
      isBulk: false,
      goesOn: false,
      notBeforeMs: undefined,
    };
    this.jobs.set(id, job);
    return job;
  }

  /** An id was made for a run; whether it ever begins is another matter. */
  made(runId: string, invocation: Invocation, madeAtMs: number): void {
    this.runs.set(runId, { runId, invocation, madeAtMs });
  }

  run(runId: string | undefined): RunFacts | undefined {
    return runId === undefined ? undefined : this.runs.get(runId);
  }

  called(job: OutboxJob, startedAtMs: number): HandlerCall {
    const run = this.run(job.runId);
    if (run === undefined) throw new Error(`${job.id} is run by nobody.`);
    const isProbe = run.invocation.circuits.isProbing;
    const call: HandlerCall = { job, run, startedAtMs, isProbe, isAborted: false };
    this.job(job.id).calls += 1;
    return call;
  }

  /** The jobs that ever stood in a line. */
  line(orderingKey: string): JobFacts[] {
    return this.#lines.get(orderingKey) ?? [];
  }

  /** Jobs that there has to be, by an event or a parent. */
  cause(ids: readonly string[]): void {
    for (const id of ids) this.causes.add(this.job(id).id);
  }

  /** Takes down what a change means for its job and its run. */
  record(change: RowChange): void {
    const { kind, job, before, after, run } = change;
    job.row = after;
    job.written = { by: change.by, atMs: change.atMs };
    this.changes[kind] = (this.changes[kind] ?? 0) + 1;
    if (before === undefined) this.#recordPlace(job, after);
    if (kind === 'redrive') recordRedrive(change);
    if (kind === 'stand in line') job.stoodInLineAtMs = change.atMs;
    if (kind === 'pause') recordPause(change);
    if (run !== undefined) recordRun(change, run);
    if (after.status === 'sent') this.cause(job.children);
  }

  #recordPlace(job: JobFacts, { orderingKey, sequence }: OutboxJob): void {
    if (orderingKey === undefined || sequence === undefined) return;
    job.place = { orderingKey, sequence };
    this.#lines.set(orderingKey, [...this.line(orderingKey), job]);
  }
}

function recordRun(change: RowChange, run: RunFacts): void {
  if (isStart(change)) recordStart(change.job, run, change.after);
  if (isEnd(change)) recordEnd(change, run);
  if (change.kind === 'release') recordRelease(change, run);
}

function recordStart(job: JobFacts, run: RunFacts, after: OutboxJob): void {
  job.starts.push(run);
  job.unended += 1;
  run.startedAs = after.runs;
  run.attempt = after.history.at(-1)?.attempt ?? 0;
}

/** Its handler never began: it says nothing about the job. */
function recordRelease({ job, atMs }: RowChange, run: RunFacts): void {
  run.end = { outcome: 'released', atMs };
  job.unended -= 1;
}

function recordEnd({ job, after, atMs }: RowChange, run: RunFacts): void {
  const { status, slot, nextAttemptAt: dueMs } = after;
  if (status === 'processing' || status === 'cancelled') return;
  run.end =
    status === 'pending' && dueMs !== undefined
      ? { outcome: 'retry', atMs, retry: { dueMs, slot } }
      : { outcome: status === 'pending' ? 'retry' : status, atMs };
  job.unended = 0;
  if (status === 'pending' && !spendsNothing(run)) job.spent += 1;
}

function recordRedrive({ job, before }: RowChange): void {
  job.spent = 0;
  // Poison stays suspect.
  job.unended = before?.failure?.reason === 'poison' ? 1 : 0;
}

function recordPause({ job, by, atMs }: RowChange): void {
  job.wasPausedLate = by instanceof Process && by.isDisturbedSince(atMs - MINUTE_MS);
}
