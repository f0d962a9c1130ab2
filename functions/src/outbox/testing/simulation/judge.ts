import { decodeJob } from '../../record/job-codec.ts';
import { CONTROLS_PATH } from '../../record/controls-document.ts';
import { OUTBOX } from '../../record/record-job.ts';
import type { OutboxJob } from '../../model/job.ts';
import type { Delivery, HandlerCall, JobFacts, PauseFacts } from './facts.ts';
import { Ledger } from './ledger.ts';
import type { DocumentChange } from './observed-documents.ts';
import type { Check, Violation } from './promise.ts';
import { EFFECTS_FOLDER, jobOfEffect } from './promises/effects.ts';
import { PROMISES } from './promises/index.ts';
import type { RowChange } from './row-change.ts';
import { kindOfChange } from './row-change.ts';
import type { Scheduler } from './scheduler.ts';

/** Who may write nonsense. */
export const VANDAL = 'vandal';

const PREFIX = `${OUTBOX}/`;

/** Watches everything and holds the engine to its promises, at every step. */
export class Judge {
  readonly ledger = new Ledger();
  readonly violations: Violation[] = [];
  readonly #scheduler: Scheduler;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** Called after every commit. */
  committed(documents: readonly DocumentChange[]): void {
    for (const { path, after } of documents) this.#recordControls(path, after);
    const rows = documents.flatMap((change) => this.#rowChangeOf(change));
    for (const change of rows) {
      this.ledger.record(change);
      this.#traceRow(change);
    }
    for (const { path, after } of documents) this.#recordEffect(path, after);
    for (const { name, rows: checks = [], commits = [] } of PROMISES) {
      for (const row of rows) this.#ask(name, checks, row);
      this.#ask(name, commits, { rows, documents });
    }
  }

  called(call: HandlerCall): void {
    const job = this.ledger.job(call.job.id);
    if (job.isVandalised) return;
    for (const { name, calls = [] } of PROMISES) this.#ask(name, calls, { call, job });
  }

  /** A handler was called with several jobs; each of them was `called` before. */
  sentTogether(calls: readonly HandlerCall[]): void {
    const batch = calls.map((call) => ({ call, job: this.ledger.job(call.job.id) }));
    const sound = batch.filter(({ job }) => !job.isVandalised);
    if (sound.length === 0) return;
    this.ledger.batches.push(calls.length);
    for (const { name, batches = [] } of PROMISES) this.#ask(name, batches, sound);
  }

  delivered(jobId: string, delivery: Delivery): void {
    const job = this.ledger.job(jobId);
    job.deliveries.push(delivery);
    if (job.isVandalised) return;
    for (const { name, deliveries = [] } of PROMISES) {
      this.#ask(name, deliveries, { delivery, job });
    }
  }

  ended(): void {
    const jobs = [...this.ledger.jobs.values()].filter(({ isVandalised }) => !isVandalised);
    for (const { name, jobsAtEnd = [] } of PROMISES) {
      for (const job of jobs) this.#ask(name, jobsAtEnd, job);
    }
  }

  /** Takes down a broken promise. */
  accuse(promise: string, what: string): void {
    const { nowMs, startMs, trace } = this.#scheduler;
    this.violations.push({ promise, what, atMs: nowMs - startMs });
    trace.add(`  BROKEN ${promise}: ${what}`);
  }

  #ask<Subject>(name: string, checks: readonly Check<Subject>[], subject: Subject): void {
    for (const check of checks) {
      const what = check(subject, this.ledger);
      if (what !== undefined) this.accuse(name, what);
    }
  }

  #recordControls(path: string, after: DocumentChange['after']): void {
    if (path !== CONTROLS_PATH) return;
    this.ledger.pauses = pausesIn(after, this.ledger.pauses, this.#scheduler.nowMs);
  }

  #recordEffect(path: string, after: DocumentChange['after']): void {
    if (!path.startsWith(EFFECTS_FOLDER) || after === undefined) return;
    this.ledger.job(jobOfEffect(path)).effects.push(path);
  }

  #rowChangeOf({ path, after: data }: DocumentChange): RowChange[] {
    if (!path.startsWith(PREFIX) || data === undefined) return [];
    const by = this.#scheduler.current;
    const job = this.ledger.job(path.slice(PREFIX.length));
    job.isVandalised ||= by?.name === VANDAL;
    const after = this.#decode(job, data);
    if (job.isVandalised) job.row = after;
    if (job.isVandalised || after === undefined) return [];
    const { row: before } = job;
    const kind = kindOfChange(before, after);
    if (kind === undefined) {
      const from = before === undefined ? 'nothing' : sketch(before);
      this.accuse('only transitions of the table', `${job.id}: ${from} → ${sketch(after)}`);
      return [];
    }
    const run = this.ledger.run(after.runId);
    return [{ kind, job, before, after, atMs: this.#scheduler.nowMs, by, run }];
  }

  #decode({ id, isVandalised }: JobFacts, data: unknown): OutboxJob | undefined {
    const decoded = decodeJob(id, data);
    if (decoded.kind === 'job') return decoded.job;
    if (!isVandalised) this.accuse('rows are jobs', `${id}: ${decoded.problem}`);
    return undefined;
  }

  #traceRow({ kind, after, atMs }: RowChange): void {
    const { startMs, trace } = this.#scheduler;
    const dueMs = after.nextAttemptAt;
    const due = dueMs === undefined ? '' : `, due in ${dueMs - atMs}`;
    trace.add(`  ${atMs - startMs} ${kind} ${after.id}: ${sketch(after)}${due}`);
  }
}

function sketch({ status, runs, attempts, crashes, runId, failure }: RowChange['after']): string {
  const reason = failure === undefined ? '' : ` (${failure.reason})`;
  const by = runId === undefined ? '' : ` by ${runId}`;
  return `${status}${reason}${by}, ${runs} runs, ${attempts} attempts, ${crashes} crashes`;
}

/** The pauses by the controls document; one that was there before, and still holds, is as old as it was. */
function pausesIn(
  controls: DocumentChange['after'],
  before: readonly PauseFacts[],
  nowMs: number,
): PauseFacts[] {
  const pauses = (controls?.['pauses'] ?? []) as (PauseFacts & { resumingSinceMs?: number })[];
  return pauses.map(({ resumingSinceMs, ...pause }) => {
    const isResuming = resumingSinceMs !== undefined;
    const known = before.find(({ id }) => id === pause.id);
    const sinceMs = known?.isResuming === isResuming ? known.sinceMs : nowMs;
    return { ...pause, isResuming, sinceMs };
  });
}
