import type { Problem } from '#kernel';
import {
  CodedError,
  ENTITY_ID_RULE,
  isEntityId,
  isTypeName,
  messageOf,
  TYPE_NAME_RULE,
} from '#kernel';
import type { EventOf } from '../bus/bus.ts';
import type { Matching, PatternOf } from '../bus/pattern.ts';
import type { EventDefinition } from '../catalog/define-event.ts';
import { problemsInValue } from '../emit/canonical.ts';
import type { DomainEvent } from '../event.ts';
import { ProjectionFailedError } from './projection-failed-error.ts';

interface ReadModel<Event, State> {
  /** Its subscription's id, and so the `jobType` of its jobs. Stored: renaming it is a migration. */
  readonly id: string;
  /** Where its documents are: `projections_<name>`. */
  readonly collection: string;
  /**
   * A document's state after an event; undefined is that of a document without any. Pure: it changes
   * nothing and asks nobody, neither clock nor chance. What it answers is plain values, as an event's
   * payload has, and not undefined; times are `Date`s.
   */
  readonly apply: (state: State | undefined, event: Event) => State;
}

/** One document for each entity, which follows the entity's stream: its events come in version order. */
interface OfStreams {
  /** Whose streams. The pattern may leave some of their events out. */
  readonly entityType: string;
}

/** Documents that are of many entities: their events come in any order, and `apply` must not mind. */
interface Keyed<Event> {
  /** The document that an event belongs to, 1 to 128 of `A-Za-z0-9_-`; undefined where it is of none. */
  readonly keyOf: (event: Event) => string | undefined;
}

/** A read model, and how events become it. Each event is applied once in each generation. */
type ProjectionDefinition<Event, State> = ReadModel<Event, State> & (OfStreams | Keyed<Event>);

/** A read model with the events it is made of, for whoever does not know their types. */
export type Projection<State = unknown, Pattern extends string = string> = (
  | OfStreams
  | Keyed<DomainEvent>
) & {
  readonly id: string;
  readonly collection: string;
  readonly pattern: Pattern | readonly Pattern[];
  readonly apply: (state: unknown, event: DomainEvent) => State;
};

const COLLECTION = /^projections_[a-z][a-z0-9_]{0,87}$/;

/** Declares read models of these events. Throws `invalid-setting` for names that cannot be. */
export function projectionsOf<Definition extends EventDefinition>() {
  return <const Pattern extends PatternOf<Definition['type']>, State>(
    pattern: Pattern | readonly Pattern[],
    definition: ProjectionDefinition<
      EventOf<Definition, Matching<Definition['type'], Pattern>>,
      State
    >,
  ): Projection<State, Pattern> => {
    const { id, collection } = definition;
    const problems = [
      ...(isTypeName(id) ? [] : [{ path: 'id', message: `expected ${TYPE_NAME_RULE}` }]),
      ...(COLLECTION.test(collection)
        ? []
        : [{ path: 'collection', message: 'expected projections_ and a name of a-z 0-9 _' }]),
    ];
    if (problems.length > 0) {
      throw new CodedError('invalid-setting', 'The projection cannot be', problems);
    }
    // The pattern decides at run time what the types say here, and what a state is was its own answer.
    const anyEvent = definition as unknown as Omit<Projection<State>, 'pattern'> &
      Keyed<DomainEvent>;
    return { ...anyEvent, pattern };
  };
}

/**
 * The document that an event is applied to; undefined where it is of none. Throws `ProjectionFailedError`
 * where `keyOf` throws, or says what no document can be called.
 */
export function keyOfEvent(projection: Projection, event: DomainEvent): string | undefined {
  if ('entityType' in projection) {
    return event.entityType === projection.entityType ? event.entityId : undefined;
  }
  return asking(projection, event, 'keyOf', () => {
    const key = projection.keyOf(event);
    const isKey = key === undefined || isEntityId(key);
    return {
      said: key,
      problems: isKey ? [] : [{ path: 'key', message: `expected ${ENTITY_ID_RULE}` }],
    };
  });
}

/** The state after an event. Throws `ProjectionFailedError` where `apply` throws, or says what cannot be stored. */
export function stateAfter(projection: Projection, state: unknown, event: DomainEvent): unknown {
  return asking(projection, event, 'apply', () => {
    const said = projection.apply(state, event);
    return { said, problems: problemsInValue(said, 'state', 2) };
  });
}

/** What the projection's own code says, or an error that names the event it says it of. */
function asking<T>(
  { id }: Projection,
  event: DomainEvent,
  path: string,
  ask: () => { readonly said: T; readonly problems: readonly Problem[] },
): T {
  let answer: ReturnType<typeof ask>;
  try {
    answer = ask();
  } catch (cause) {
    throw new ProjectionFailedError(id, event, [{ path, message: messageOf(cause) }], { cause });
  }
  if (answer.problems.length > 0) throw new ProjectionFailedError(id, event, answer.problems);
  return answer.said;
}

/** One generation of a tenant's read model, as it is stored with each of its documents. */
export function generationName(orgId: string, generation: string): string {
  return `${orgId}~${generation}`;
}

/** Where the document of a key is, in a generation. */
export function documentPath(
  { collection }: Pick<Projection, 'collection'>,
  {
    orgId,
    generation,
    key,
  }: { readonly orgId: string; readonly generation: string; readonly key: string },
): string {
  return `${collection}/${generationName(orgId, generation)}~${key}`;
}
