import type { Place } from '../../model/handler.ts';
import type { OutboxJob, RunOutcome, Runner } from '../../model/job.ts';
import type { Process } from './process.ts';
import type { Owner } from './scheduler.ts';

/** One call of a function instance: a tick's, or a trigger's. */
export interface Invocation {
  readonly name: string;
  readonly by: Runner;
  readonly process: Process;
  readonly startedAtMs: number;
  endedAtMs?: number;
  /** Whether what is begun at this moment is the probe of a circuit. */
  readonly circuits: { readonly isProbing: boolean };
  /** Handlers at work in it. */
  readonly calls: Set<HandlerCall>;
}

/** How a handler's run went; undefined while it runs, and for ever if it never comes back. */
export type CallResult =
  | 'ok'
  | 'failure'
  | 'refused'
  | 'permanent'
  | 'retry-after'
  | 'unroutable'
  | 'unknown';

/** One call of a handler. */
export interface HandlerCall {
  readonly job: OutboxJob;
  readonly run: RunFacts;
  readonly startedAtMs: number;
  /** Its end decides whether a circuit closes: it is the sink that is tried, not the job. */
  readonly isProbe: boolean;
  /** The engine stopped waiting for it. */
  isAborted: boolean;
  result?: CallResult;
}

/** What becomes of the writes that a subscription wants beside a dead letter. */
export type DeadLetterFate = 'written' | 'refused' | 'not made';

/** One run of a job, from the moment an id was made for it. */
export interface RunFacts {
  readonly runId: string;
  readonly invocation: Invocation;
  readonly madeAtMs: number;
  /** Which start of its job it was; undefined until the row says that it began. */
  startedAs?: number;
  attempt?: number;
  /** As the row was settled. */
  end?: {
    readonly outcome: Exclude<RunOutcome, 'running' | 'crashed'>;
    readonly atMs: number;
    /** When and where it is to be found again. */
    readonly retry?: { readonly dueMs: number; readonly slot: number };
  };
  call?: HandlerCall;
}

/** Something reached a sink. */
export interface Delivery {
  readonly run: RunFacts;
  /** As the sink was told. */
  readonly runs: number;
  readonly atMs: number;
}

/** A pause as operators set it. */
export interface PauseFacts {
  readonly id: string;
  readonly jobType?: string;
  readonly orgId?: string;
  /** Since when it is in force. */
  readonly sinceMs: number;
  readonly isResuming: boolean;
}

/** What an omniscient observer knows of one job. */
export interface JobFacts {
  readonly id: string;
  /** The row as it is; undefined while it is no job. */
  row: OutboxJob | undefined;
  /** Somebody wrote nonsense over it: nothing of its content is promised any more. */
  isVandalised: boolean;
  readonly starts: RunFacts[];
  readonly deliveries: Delivery[];
  /** Documents that its runs wrote. */
  readonly effects: string[];
  /** The ids of the jobs that its handler wants written with its settle. */
  children: readonly string[];
  calls: number;
  /** Ends that spent an attempt, since it was last sent round. */
  spent: number;
  /** Starts in a row that never ended. */
  unended: number;
  /** Whether whoever paused it last may not have heard that the pause was over. */
  wasPausedLate: boolean;
  /** The place it was given in its line. */
  place: Place | undefined;
  /** Who wrote it last, and when. */
  written?: { readonly by: Owner | undefined; readonly atMs: number };
  /** When a redrive by name last gave it its place back. */
  stoodInLineAtMs?: number;
  /** It was asked for as work that must not hold up the rest. */
  isBulk: boolean;
  /** It is of its parent's type, and that was bulk work when it was last run: it may go on in its place. */
  goesOn: boolean;
  /** It was asked for not to be run before. */
  notBeforeMs: number | undefined;
}

/** Whether there is more to come. */
export function isOpen({ status }: OutboxJob): boolean {
  return status === 'pending' || status === 'processing';
}

/** Whether something happened to a run's process that excuses that it never ended, or ended twice. */
export function isExcused({ invocation, madeAtMs }: RunFacts): boolean {
  const { process, startedAtMs } = invocation;
  return process.isDisturbedSince(madeAtMs) || !process.knewTheTime(startedAtMs, madeAtMs);
}

/** Whether its end, where it leaves the job open, spends no attempt: it says nothing of the job. */
export function spendsNothing({ call }: RunFacts): boolean {
  const isPutOff = call?.result === 'retry-after' || call?.result === 'unroutable';
  return isPutOff || call?.isProbe === true;
}

/** Whether it stands in its line, as head or behind another. */
export function isInLine({ row }: JobFacts): boolean {
  return row?.orderingKey !== undefined;
}

/** Whether its handler is still at it, and nothing happened that explains why. */
export function isAtWork(run: RunFacts): boolean {
  const { call } = run;
  const isOver = call === undefined || call.result !== undefined || call.isAborted;
  return !isOver && !isExcused(run);
}
