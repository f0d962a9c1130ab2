import type { DocumentWrite, ServerTime } from '#kernel';
import type { OutboxJob } from './job.ts';
import type { RetryPolicy } from './retry-policy.ts';

/** Thrown by a handler: trying again cannot help. The job becomes a dead letter at once. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
  /** A short stable code for `lastError.code`. */
  readonly code: string;

  constructor(message: string, options: { code?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = options.code ?? 'permanent';
  }
}

/** Thrown by a handler: try again after `delayMs`, without spending an attempt, within the policy's `maxAgeMs`. */
export class RetryAfterError extends Error {
  override readonly name = 'RetryAfterError';
  readonly delayMs: number;

  constructor(delayMs: number, message: string, options: { cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.delayMs = delayMs;
  }
}

/** What a handler may know of its run besides the job. */
export interface RunContext {
  /** The server's time. */
  readonly time: ServerTime;
  /** Aborted when the handler's `timeoutMs` is over; whoever goes on after that works for nobody. */
  readonly signal: AbortSignal;
}

/** A job to be written with, and only with, what caused it. */
export interface NewJob {
  readonly jobType: string;
  readonly orgId: string;
  readonly causeId: string;
  readonly eventId?: string | undefined;
  readonly eventType?: string | undefined;
  readonly recipientUid?: string | undefined;
  readonly payload?: Readonly<Record<string, unknown>> | undefined;
  /** Not to be run before this time. Default: at once. Its age counts from here. */
  readonly notBefore?: Date | undefined;
  /** `bulk`: work that must not hold up the rest, run after it. */
  readonly priority?: 'bulk' | undefined;
  /** Its place in a line of jobs that run one at a time. */
  readonly place?: Place | undefined;
  readonly metadata: OutboxJob['metadata'];
}

/** A place in a line: lower sequences run first. */
export interface Place {
  readonly orderingKey: string;
  readonly sequence: number;
}

/** What a transactional handler wants written in the commit that settles its job. */
export interface Effects {
  readonly writes: readonly DocumentWrite[];
  readonly jobs: readonly NewJob[];
}

/** What both kinds of handler declare. */
interface HandlerDeclaration {
  /** The subscription's id. Stored in every row: renaming it is a migration. */
  readonly jobType: string;
  readonly policy: RetryPolicy;
  /**
   * Set: jobs of one stream run one at a time, in version order. A dead letter then blocks those behind
   * it, or is passed over. What was delivered before a crash may be delivered again out of order.
   */
  readonly ordered?: { readonly onDeadLetter: 'block' | 'pass-over' } | undefined;
  /** After this the run is aborted. Default: the processor's `timeoutMs`, 20 000. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Effects are Firestore writes: they happen once per job, in the settling commit.
 * `handle` itself may run several times and must have no effect of its own.
 */
export interface TransactionalHandler extends HandlerDeclaration {
  readonly kind: 'transactional';
  handle(job: OutboxJob, context: RunContext): Promise<Effects>;
}

/**
 * Effects are outside Firestore: at least once. `job.id` is the idempotency key to pass on, `job.runs`
 * a counter that only rises.
 */
export interface ExternalHandler extends HandlerDeclaration {
  readonly kind: 'external';
  /**
   * What to do when nobody knows whether the sink took it (timeout, worker lost): `retry` may send
   * twice, `park` makes it a dead letter with reason `unknown-outcome`.
   */
  readonly onUnknownOutcome: 'retry' | 'park';
  send(job: OutboxJob, context: RunContext): Promise<void>;
}

export type JobHandler = TransactionalHandler | ExternalHandler;

/** Finds the handler of a job type; undefined where no subscription has that id. */
export type HandlerLookup = (jobType: string) => JobHandler | undefined;
