import type { DocumentTransaction, DocumentWrite, ServerTime } from '#kernel';
import type { FailureReason, OutboxJob } from './job.ts';
import type { Move, Removal } from './move.ts';
import type { RetryPolicy } from './retry-policy.ts';

/** What a handler may know of its run besides the job. */
export interface RunContext {
  /** The server's time. */
  readonly time: ServerTime;
  /** Aborted when the handler's `timeoutMs` is over; whoever goes on after that works for nobody. */
  readonly signal: AbortSignal;
}

/** A job to be written with, and only with, what caused it. */
export interface NewJob {
  /** The subscription whose work it is, as its handler declares it. */
  readonly jobType: string;
  /** The tenant. 1 to 128 of `A-Za-z0-9_-`. */
  readonly orgId: string;
  /**
   * What it is for: an event’s id, or an operation’s or digest’s own. With the type, the tenant and the
   * recipient it is the job’s id, so that the same cause makes it once.
   */
  readonly causeId: string;
  /** The event it is about, where it is about one. */
  readonly eventId?: string | undefined;
  /** That event’s type, for whoever reads the row. */
  readonly eventType?: string | undefined;
  /** Whom it is for: a uid, or `contact-<clientId>`. Part of its id. */
  readonly recipientUid?: string | undefined;
  /** What the handler needs besides the event. Firestore’s limits hold: 1 MiB for the whole row. */
  readonly payload?: Readonly<Record<string, unknown>> | undefined;
  /** Not to be run before this time. Default: at once. Its age counts from here. */
  readonly notBefore?: Date | undefined;
  /** `bulk`: work that must not hold up the rest, run after it. */
  readonly priority?: 'bulk' | undefined;
  /** Its place in a line of jobs that run one at a time. */
  readonly place?: Place | undefined;
  /** What it belongs to: as its parent’s, as a rule. */
  readonly metadata: OutboxJob['metadata'];
}

/** A place in a line: lower sequences run first. */
export interface Place {
  /** The line: one for each subscription and entity, as a rule. */
  readonly orderingKey: string;
  /** A stream's version, say: lower ones run first. */
  readonly sequence: number;
}

/** What a transactional handler wants written in the commit that settles its job. */
export interface Effects {
  /** Applied in this order. Creates of what exists already are left out; rows of the outbox are refused. */
  readonly writes: readonly DocumentWrite[];
  /** Follow-on jobs, created in the same commit; those that exist already are left out. */
  readonly jobs: readonly NewJob[];
  /**
   * Other jobs sent round again or taken out, as `planRedrive` and `planCancel` say. Where one of them has changed
   * meanwhile nothing is written, and the attempt has failed. Default: none.
   */
  readonly moves?: readonly Move[] | undefined;
  /** Other jobs to be deleted, as `planPurge` says; as `moves` where one of them has changed. Default: none. */
  readonly removals?: readonly Removal[] | undefined;
}

/** What every handler declares. */
interface HandlerDeclaration {
  /** The subscription's id. Stored in every row: renaming it is a migration. */
  readonly jobType: string;
  /** When a failed attempt is tried again, and when no more. */
  readonly policy: RetryPolicy;
  /**
   * Set: jobs of one stream run one at a time, in version order. A dead letter then blocks those behind
   * it, or is passed over. What was delivered before a crash may be delivered again out of order.
   */
  readonly ordered?: { readonly onDeadLetter: 'block' | 'pass-over' } | undefined;
  /** After this the run is aborted. Default: the processor's `timeoutMs`, 20 000. */
  readonly timeoutMs?: number | undefined;
  /**
   * What is to be committed with the dead letter that a job becomes; its jobs are left `pending`. Asked for
   * once or more, so it must have no effect of its own. If it is refused, the job is a dead letter without
   * it, and it is logged.
   */
  readonly onDeadLetter?:
    | ((job: OutboxJob, reason: FailureReason) => Pick<Effects, 'writes' | 'jobs'>)
    | undefined;
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
 * As `TransactionalHandler`, for one that must read what it changes: a read model, say.
 * It is given the transaction that settles its job, so what it read was still so when its effects
 * happened. Other jobs that change the same documents at the same time are run one after another.
 */
export interface TransactHandler extends HandlerDeclaration {
  readonly kind: 'transactional';
  /**
   * Reads and writes with `transaction`, and answers the jobs that are to be written with it; these start
   * `pending`. May be run several times and must have no effect of its own.
   */
  transact(
    job: OutboxJob,
    transaction: DocumentTransaction,
    context: RunContext,
  ): Promise<readonly NewJob[]>;
}

/** What of a job tells where it is sent to. */
export type SinkJob = Pick<NewJob, 'jobType' | 'orgId' | 'recipientUid' | 'payload' | 'eventType'>;

/** What handlers declare whose effects are outside Firestore: at least once. */
interface SinkDeclaration extends HandlerDeclaration {
  readonly kind: 'external';
  /**
   * Where it sends to; handlers that name the same sink share its circuit breaker. A function where that
   * depends on the job: a tenant's own endpoint that fails must not keep the others' from being called.
   * Default: its `jobType`.
   */
  readonly sink?: string | ((job: SinkJob) => string) | undefined;
  /**
   * What to do when nobody knows whether the sink took it (timeout, worker lost): `retry` may send
   * twice, `park` makes it a dead letter with reason `unknown-outcome`.
   */
  readonly onUnknownOutcome: 'retry' | 'park';
}

/** Sends one job: `job.id` is the idempotency key to pass on, `job.runs` a counter that only rises. */
export interface ExternalHandler extends SinkDeclaration {
  send(job: OutboxJob, context: RunContext): Promise<void>;
}

/**
 * Sends several jobs in one call. Only jobs that were never tried go together: whatever failed or
 * crashed goes alone from then on, so a job that fails its whole batch takes no other with it twice.
 */
export interface BatchHandler extends SinkDeclaration {
  /** Jobs have no order in a batch. */
  readonly ordered?: undefined;
  /** Jobs in one call, at most. */
  readonly maxBatchSize: number;
  /**
   * Answers how each job ended, in the order of `jobs`; `Promise.allSettled` makes such an answer. A
   * rejection's reason is what `send` would have thrown. Throwing means that for all of them.
   */
  sendBatch(
    jobs: readonly OutboxJob[],
    context: RunContext,
  ): Promise<readonly PromiseSettledResult<unknown>[]>;
}

/** A handler that is run by a call, and whose end is written after it. */
export type CalledHandler = TransactionalHandler | ExternalHandler | BatchHandler;

/** Who runs the jobs of a type: of one of four kinds. */
export type JobHandler = CalledHandler | TransactHandler;

/** Whether a handler takes several jobs in one call. */
export function isBatch(handler: JobHandler): handler is BatchHandler {
  return 'sendBatch' in handler;
}

/** Whether a handler runs in the transaction that settles its job. */
export function isTransact(handler: JobHandler): handler is TransactHandler {
  return 'transact' in handler;
}

/** Finds the handler of a job type; undefined where no subscription has that id. */
export type HandlerLookup = (jobType: string) => JobHandler | undefined;
