import type { DocumentTransaction } from '#kernel';
import type {
  BatchHandler,
  Effects,
  JobHandler,
  NewJob,
  OutboxJob,
  RetryPolicy,
  RunContext,
  SinkJob,
} from '#outbox';
import type { DomainEvent } from '../event.ts';

interface SubscriptionDeclaration {
  /** Stable and stored: it is the `jobType` of every job. Renaming it is a migration. */
  readonly id: string;
  /** Default: `DEFAULT_RETRY_POLICY`. */
  readonly policy?: RetryPolicy;
  /**
   * Set: the jobs of one entity's stream run one at a time, in version order. A dead letter then blocks
   * those behind it, or is passed over. Events outside a stream have no order to keep.
   */
  readonly ordered?: JobHandler['ordered'];
  readonly timeoutMs?: number;
  /** Writes to be committed with the dead letter that a job becomes; see `JobHandler`. */
  readonly onDeadLetter?: JobHandler['onDeadLetter'];
}

/** Reacts with Firestore writes, which happen once per event. */
export interface TransactionalSubscription<Event> extends SubscriptionDeclaration {
  readonly kind: 'transactional';
  /** Whether jobs that it makes leave Firestore: a replay then has to be asked for in so many words. */
  readonly makesExternalJobs?: true;
  handle(event: Event, job: OutboxJob, context: RunContext): Promise<Effects>;
}

/** As that, for one that must read what it changes: it is given its settling transaction; see `TransactHandler`. */
export interface TransactSubscription<Event> extends SubscriptionDeclaration {
  readonly kind: 'transactional';
  /** See `TransactionalSubscription`. */
  readonly makesExternalJobs?: true;
  transact(
    event: Event,
    transaction: DocumentTransaction,
    job: OutboxJob,
    context: RunContext,
  ): Promise<readonly NewJob[]>;
}

interface SinkDeclaration extends SubscriptionDeclaration {
  readonly kind: 'external';
  readonly onUnknownOutcome: 'retry' | 'park';
  /** Subscriptions that name the same sink share its circuit breaker. Default: the subscription's id. */
  readonly sink?: string | ((job: SinkJob) => string);
}

/** Reacts outside Firestore: at least once. */
export interface ExternalSubscription<Event> extends SinkDeclaration {
  send(event: Event, job: OutboxJob, context: RunContext): Promise<void>;
}

/** An event, and the job to hand it over. */
export interface Delivery<Event> {
  readonly event: Event;
  readonly job: OutboxJob;
}

/** Reacts outside Firestore, to several events in one call; see `BatchHandler`. */
export interface BatchSubscription<Event> extends SinkDeclaration {
  readonly ordered?: undefined;
  /** Events in one call, at most. */
  readonly maxBatchSize: number;
  sendBatch(
    deliveries: readonly Delivery<Event>[],
    context: RunContext,
  ): ReturnType<BatchHandler['sendBatch']>;
}

export type Subscription<Event> =
  | TransactionalSubscription<Event>
  | TransactSubscription<Event>
  | ExternalSubscription<Event>
  | BatchSubscription<Event>;

/** Finds an event by its id; undefined where it is not in the hot store. */
export type LoadEvent = (eventId: string) => Promise<DomainEvent | undefined>;
