import type { z } from 'zod';
import { CodedError } from '#kernel';
import { decodeEvent } from '../emit/event-document.ts';
import type { DomainEvent } from '../event.ts';
import { CUSTOM_PREFIX, isCustomType } from '../custom-types/custom-event.ts';
import type { EventDefinition } from './define-event.ts';
import { EventUnreadableError } from './event-unreadable-error.ts';
import { judge } from './judge.ts';
import { readPayload } from './read-payload.ts';

/** The union of a list of definitions' emit types: `{ eventType, payload }`, matched to each other. */
export type TypedEvent<Definition extends EventDefinition> = Definition extends unknown
  ? { readonly eventType: Definition['type']; readonly payload: z.input<Definition['payload']> }
  : never;

/** Reads payloads as what is stored of them. */
export interface PayloadReader {
  /**
   * The payload as its type's schema reads it, and that schema's version. Throws `invalid-event` with the
   * path of every problem, and for a stated `schemaVersion` that it does not read.
   */
  parse(
    eventType: string,
    payload: unknown,
    schemaVersion?: number,
  ): { readonly version: number; readonly payload: unknown };
}

/** All event types this deployment knows; an organization's own are not among them. */
export class Catalog implements PayloadReader {
  readonly #byName: ReadonlyMap<string, EventDefinition>;

  /**
   * Throws `invalid-event` where two definitions take one name, as a type or as an alias, or one takes a
   * name that is an organization's to give.
   */
  constructor(definitions: readonly EventDefinition[]) {
    const byName = new Map<string, EventDefinition>();
    for (const definition of definitions) {
      for (const name of [definition.type, ...(definition.aliases ?? [])]) {
        if (byName.has(name)) throw new CodedError('invalid-event', `${name} is defined twice.`);
        if (isCustomType(name)) throw reserved(name);
        byName.set(name, definition);
      }
    }
    this.#byName = byName;
  }

  /** The definition of a type, by its name or an alias. */
  get(name: string): EventDefinition | undefined {
    return this.#byName.get(name);
  }

  /** The names of all types, without aliases, in the order of their definitions. */
  get types(): string[] {
    return [...new Set([...this.#byName.values()].map(({ type }) => type))];
  }

  /** See `PayloadReader`; an event is always stored at the newest version of its type. */
  parse(
    eventType: string,
    payload: unknown,
    schemaVersion?: number,
  ): ReturnType<PayloadReader['parse']> {
    const definition = this.#byName.get(eventType);
    if (definition === undefined) {
      throw new CodedError('invalid-event', 'The event cannot be emitted', [
        { path: 'eventType', message: `${eventType.slice(0, 100)} is not in the catalog` },
      ]);
    }
    const { version } = definition;
    if (schemaVersion !== undefined && schemaVersion !== version) {
      const message = `${schemaVersion}; events of this type are written at version ${version}`;
      const problems = [{ path: 'schemaVersion', message }];
      throw new CodedError('invalid-event', `${eventType} cannot be emitted`, problems);
    }
    const result = judge(definition.payload, payload);
    if (!result.success) {
      const { problems, cause } = result;
      throw new CodedError('invalid-event', `${eventType} cannot be emitted`, problems, { cause });
    }
    return { version, payload: result.data };
  }

  /** Whether this code knows an event's type at its version: old code during a rollout may not. */
  knows({ eventType, schemaVersion }: Pick<DomainEvent, 'eventType' | 'schemaVersion'>): boolean {
    return isCustomType(eventType) || schemaVersion <= (this.#byName.get(eventType)?.version ?? 0);
  }

  /**
   * An event as it was stored, handed out at the newest version of its type: all else of it stays,
   * `contentHash` too. Throws `EventUnreadableError`. One of an organization's own type is as it was stored:
   * its schema was asked when it was emitted, and none of its versions is turned into another.
   */
  atNewest(stored: DomainEvent): DomainEvent {
    if (isCustomType(stored.eventType)) return stored;
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

function reserved(name: string): CodedError {
  const whose = `names that start with ${CUSTOM_PREFIX} are the organizations’ own`;
  return new CodedError('invalid-event', `${name} cannot be defined: ${whose}.`);
}
