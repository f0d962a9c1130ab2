import type { Delivery, HandlerCall, JobFacts } from './facts.ts';
import type { Ledger } from './ledger.ts';
import type { DocumentChange } from './observed-documents.ts';
import type { RowChange } from './row-change.ts';

/** All that one commit changed. */
export interface Commit {
  readonly rows: readonly RowChange[];
  readonly documents: readonly DocumentChange[];
}

/** A handler was called. */
export interface CallEvent {
  readonly call: HandlerCall;
  readonly job: JobFacts;
}

/** Something reached a sink. */
export interface DeliveryEvent {
  readonly delivery: Delivery;
  readonly job: JobFacts;
}

/** Says in words what is wrong; undefined where nothing is. */
export type Check<Subject> = (subject: Subject, ledger: Ledger) => string | undefined;

/**
 * A promise of the engine, as checks of whatever happens.
 * The ledger has already taken down what a check is asked about. Of rows that somebody wrote nonsense
 * over nothing is promised, and nothing is asked.
 */
export interface PromiseCheck {
  readonly name: string;
  readonly rows?: readonly Check<RowChange>[];
  readonly commits?: readonly Check<Commit>[];
  readonly calls?: readonly Check<CallEvent>[];
  /** Of jobs that went in one call. */
  readonly batches?: readonly Check<readonly CallEvent[]>[];
  readonly deliveries?: readonly Check<DeliveryEvent>[];
  /** Of each job, when everything is over and nobody has a step left to take. */
  readonly jobsAtEnd?: readonly Check<JobFacts>[];
}

/** A broken promise. */
export interface Violation {
  readonly promise: string;
  readonly what: string;
  readonly atMs: number;
}
