import type { z } from 'zod';
import { CodedError, isTypeName, TYPE_NAME_RULE } from '#kernel';
import type { JobHandler } from '#outbox';
import { DEFAULT_RETRY_POLICY } from '#outbox';
import type { EventDefinition } from '../catalog/define-event.ts';
import type { JobRegistration } from '../emit/plan-event.ts';
import type { DomainEvent } from '../event.ts';
import type { Matching, PatternOf, Within } from './pattern.ts';
import { matches } from './pattern.ts';
import type { LoadEvent, Subscription } from './subscription.ts';
import { toHandler } from './to-handler.ts';

/** An event whose payload is known by its type: narrow on `eventType`. */
export type EventOf<
  Definition extends EventDefinition,
  Type extends string,
> = Definition extends unknown ? EventNamed<Definition, Within<Definition['type'], Type>> : never;

type EventNamed<Definition extends EventDefinition, Type extends string> = [Type] extends [never]
  ? never
  : DomainEvent & {
      readonly eventType: Type;
      readonly payload: z.output<Definition['payload']>;
    };

/** A subscription, and what it is given. */
export interface RegisteredSubscription {
  readonly pattern: string | readonly string[];
  readonly subscription: Subscription<DomainEvent>;
}

/** Who reacts to which events. Filled once, where the backend is put together. */
export class Bus<Definition extends EventDefinition> {
  readonly #registered = new Map<string, RegisteredSubscription>();

  /** Throws at start for an id that is taken or not of the grammar. */
  subscribe<const Pattern extends PatternOf<Definition['type']>>(
    pattern: Pattern | readonly Pattern[],
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

  /** Every subscription with its pattern, in the order they came. */
  list(): readonly RegisteredSubscription[] {
    return [...this.#registered.values()];
  }

  /** The subscriptions as the engine runs them; each event is loaded when its job runs. */
  handlers(load: LoadEvent): JobHandler[] {
    return [...this.#registered.values()].map(({ subscription }) => toHandler(subscription, load));
  }
}
