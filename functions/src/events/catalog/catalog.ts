import type { z } from 'zod';
import { CodedError, problemsOf } from '#kernel';
import { decodeEvent } from '../emit/event-document.ts';
import type { DomainEvent } from '../event.ts';
import type { EventDefinition } from './define-event.ts';
import { EventUnreadableError } from './event-unreadable-error.ts';
import { readPayload } from './read-payload.ts';

/** The union of a list of definitions' emit types: `{ eventType, payload }`, matched to each other. */
export type TypedEvent<Definition extends EventDefinition> = Definition extends unknown
  ? { readonly eventType: Definition['type']; readonly payload: z.input<Definition['payload']> }
  : never;

/** All event types this deployment knows. */
export class Catalog {
  readonly #byName: ReadonlyMap<string, EventDefinition>;

  /** Throws `invalid-event` where two definitions take one name, as a type or as an alias. */
  constructor(definitions: readonly EventDefinition[]) {
    const byName = new Map<string, EventDefinition>();
    for (const definition of definitions) {
      for (const name of [definition.type, ...(definition.aliases ?? [])]) {
        if (byName.has(name)) throw new CodedError('invalid-event', `${name} is defined twice.`);
        byName.set(name, definition);
      }
    }
    this.#byName = byName;
  }

  /** The definition of a type, by its name or an alias. */
  get(name: string): EventDefinition | undefined {
    return this.#byName.get(name);
  }

  /** The payload as its schema reads it; throws `invalid-event` with the path of every problem. */
  parse(eventType: string, payload: unknown): { version: number; payload: unknown } {
    const definition = this.#byName.get(eventType);
    if (definition === undefined) {
      throw new CodedError('invalid-event', 'The event cannot be emitted', [
        { path: 'eventType', message: `${eventType.slice(0, 100)} is not in the catalog` },
      ]);
    }
    const result = definition.payload.safeParse(payload);
    if (!result.success) {
      const problems = problemsOf(result.error.issues, 'payload');
      throw new CodedError('invalid-event', `${eventType} cannot be emitted`, problems);
    }
    return { version: definition.version, payload: result.data };
  }

  /** Whether this code knows an event's type at its version: old code during a rollout may not. */
  knows({ eventType, schemaVersion }: Pick<DomainEvent, 'eventType' | 'schemaVersion'>): boolean {
    return schemaVersion <= (this.#byName.get(eventType)?.version ?? 0);
  }

  /**
   * An event as it was stored, handed out at the newest version of its type: all else of it stays,
   * `contentHash` too. Throws `EventUnreadableError`.
   */
  atNewest(stored: DomainEvent): DomainEvent {
    const definition = this.#byName.get(stored.eventType);
    if (definition === undefined) {
      const problem = { path: 'eventType', message: 'not in the catalog' };
      throw new EventUnreadableError(true, stored.eventType, [problem]);
    }
    const payload = readPayload(definition, stored);
    return { ...stored, payload, schemaVersion: definition.version };
  }

  /** `decodeEvent`, at the newest version; throws `EventUnreadableError`. */
  readonly decode = (data: unknown): DomainEvent | undefined => {
    const stored = decodeEvent(data);
    return stored && this.atNewest(stored);
  };
}
