import type { z } from 'zod';
import { CodedError, problemsOf } from '#kernel';
import type { EventDefinition } from './define-event.ts';

/** The union of a list of definitions' emit types: `{ eventType, payload }`, matched to each other. */
export type TypedEvent<Definition extends EventDefinition> = Definition extends unknown
  ? { readonly eventType: Definition['type']; readonly payload: z.input<Definition['payload']> }
  : never;

/** All event types this deployment knows. */
export class Catalog {
  readonly #byType: ReadonlyMap<string, EventDefinition>;

  constructor(definitions: readonly EventDefinition[]) {
    const byType = new Map<string, EventDefinition>();
    for (const definition of definitions) {
      if (byType.has(definition.type)) {
        throw new CodedError('invalid-event', `${definition.type} is defined twice.`);
      }
      byType.set(definition.type, definition);
    }
    this.#byType = byType;
  }

  get(eventType: string): EventDefinition | undefined {
    return this.#byType.get(eventType);
  }

  /** The payload as its schema reads it; throws `invalid-event` with the path of every problem. */
  parse(eventType: string, payload: unknown): { version: number; payload: unknown } {
    const definition = this.#byType.get(eventType);
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
}
