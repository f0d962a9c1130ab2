import type { z } from 'zod';
import { CodedError, isTypeName, TYPE_NAME_RULE } from '#kernel';
import type { Effects, JobHandler, OutboxJob, RetryPolicy, RunContext } from '#outbox';
import { DEFAULT_RETRY_POLICY, PermanentError } from '#outbox';
import type { EventDefinition } from '../catalog/define-event.ts';
import type { JobRegistration } from '../emit/plan-event.ts';
import type { DomainEvent } from '../event.ts';
import type { Matching, PatternOf } from './pattern.ts';
import { matches } from './pattern.ts';

/** An event whose payload is known by its type: narrow on `eventType`. */
export type EventOf<
  Definition extends EventDefinition,
  Type extends string,
> = Definition extends unknown
  ? Definition['type'] extends Type
    ? DomainEvent & {
        readonly eventType: Definition['type'];
        readonly payload: z.output<Definition['payload']>;
      }
    : never
  : never;

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
}

/** Reacts with Firestore writes, which happen once per event. */
export interface TransactionalSubscription<Event> extends SubscriptionDeclaration {
  readonly kind: 'transactional';
  handle(event: Event, job: OutboxJob, context: RunContext): Promise<Effects>;
}

/** Reacts outside Firestore: at least once. */
export interface ExternalSubscription<Event> extends SubscriptionDeclaration {
  readonly kind: 'external';
  readonly onUnknownOutcome: 'retry' | 'park';
  send(event: Event, job: OutboxJob, context: RunContext): Promise<void>;
}

export type Subscription<Event> = TransactionalSubscription<Event> | ExternalSubscription<Event>;

/** Finds an event by its id; undefined where it is not in the hot store. */
export type LoadEvent = (eventId: string) => Promise<DomainEvent | undefined>;

interface Registered {
  readonly pattern: string;
  readonly subscription: Subscription<DomainEvent>;
}

/** Who reacts to which events. Filled once, where the backend is put together. */
export class Bus<Definition extends EventDefinition> {
  readonly #registered = new Map<string, Registered>();

  /** Throws at start for an id that is taken or not of the grammar. */
  subscribe<const Pattern extends PatternOf<Definition['type']>>(
    pattern: Pattern,
    subscription: Subscription<EventOf<Definition, Matching<Definition['type'], Pattern>>>,
  ): void {
    const { id } = subscription;
    if (!isTypeName(id)) {
      const problem = { path: id, message: `expected ${TYPE_NAME_RULE}` };
      throw new CodedError('invalid-setting', 'Subscription id', [problem]);
    }
    if (this.#registered.has(id)) {
      throw new CodedError('invalid-setting', `Two subscriptions have the id ${id}.`);
    }
    // The pattern decides at run time what the types say here: it is only given events it matches.
    const anyEvent = subscription as Subscription<DomainEvent>;
    this.#registered.set(id, { pattern, subscription: anyEvent });
  }

  /** The jobs an event of this type gets: known without a read. */
  jobsFor(eventType: string): JobRegistration[] {
    return [...this.#registered.values()]
      .filter(({ pattern }) => matches(pattern, eventType))
      .map(({ subscription: { id, policy, ordered } }) => ({
        jobType: id,
        isOrdered: ordered !== undefined,
        maxAttempts: (policy ?? DEFAULT_RETRY_POLICY).maxAttempts,
      }));
  }

  /** The subscriptions as the engine runs them; each event is loaded when its job runs. */
  handlers(load: LoadEvent): JobHandler[] {
    return [...this.#registered.values()].map(({ subscription }) => toHandler(subscription, load));
  }
}

function toHandler(subscription: Subscription<DomainEvent>, load: LoadEvent): JobHandler {
  const { id: jobType, timeoutMs, ordered } = subscription;
  const policy = subscription.policy ?? DEFAULT_RETRY_POLICY;
  const declaration = { jobType, policy, timeoutMs, ordered };
  if (subscription.kind === 'transactional') {
    return {
      ...declaration,
      kind: 'transactional',
      handle: async (job, context) => subscription.handle(await eventOf(job, load), job, context),
    };
  }
  return {
    ...declaration,
    kind: 'external',
    onUnknownOutcome: subscription.onUnknownOutcome,
    send: async (job, context) => subscription.send(await eventOf(job, load), job, context),
  };
}

async function eventOf(job: OutboxJob, load: LoadEvent): Promise<DomainEvent> {
  const event = job.eventId === undefined ? undefined : await load(job.eventId);
  if (event === undefined) {
    throw new PermanentError('The event of this job is not in domain_events.', {
      code: 'event-missing',
    });
  }
  return event;
}
