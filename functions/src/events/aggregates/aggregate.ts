import { Catalog } from '../catalog/catalog.ts';
import type { EventDefinition } from '../catalog/define-event.ts';
import type { RaisedEvent } from '../streams/append-to-stream.ts';
import type { AggregateState } from './load-aggregate.ts';
import type { Reducer } from './reducer.ts';
import { evolveBy } from './reducer.ts';

/** An entity whose state is its events: what they make of it, and which ones a command adds. */
export interface AggregateDefinition<
  State,
  Definition extends EventDefinition,
  Command,
> extends Reducer<State, Definition> {
  /** Of its streams. */
  readonly entityType: string;
  /**
   * The events a command causes, none where there is nothing to do. Throws a `CodedError` where the
   * state does not allow it. Pure, as `evolve` is.
   */
  readonly decide: (state: State, command: Command) => readonly RaisedEvent<Definition>[];
}

/**
 * Declares aggregates of these events. `name`: default its entity type; of two over one entity type, one has to have
 * another, or each is given the other's snapshots for its own.
 */
export function aggregateOf<Definition extends EventDefinition>(events: readonly Definition[]) {
  return <State, Command>({
    name,
    ...said
  }: Omit<AggregateDefinition<State, Definition, Command>, 'name' | 'events'> & {
    readonly name?: string;
  }): AggregateDefinition<State, Definition, Command> => ({
    ...said,
    events,
    name: name ?? said.entityType,
  });
}

/** One entity at work: where it stands, and what it has raised since. Knows no database. */
export class Aggregate<State, Definition extends EventDefinition, Command> {
  readonly #definition: AggregateDefinition<State, Definition, Command>;
  readonly #catalog: Catalog;
  #state: State;
  #version: number;
  #uncommitted: readonly RaisedEvent<Definition>[] = [];

  /** `from`: where it stands; a new one where nothing is said. */
  constructor(
    definition: AggregateDefinition<State, Definition, Command>,
    from?: AggregateState<State>,
  ) {
    this.#definition = definition;
    this.#catalog = new Catalog(definition.events);
    this.#state = from === undefined ? definition.initial() : from.state;
    this.#version = from?.version ?? 0;
  }

  /** With what is not committed yet. */
  get state(): State {
    return this.#state;
  }

  /** Without what is not committed yet: the version that an append of it expects. */
  get version(): number {
    return this.#version;
  }

  /** What was raised and is still to be appended, in order. */
  get uncommitted(): readonly RaisedEvent<Definition>[] {
    return this.#uncommitted;
  }

  /** Adds an event; throws `invalid-event` for one that is not as its type's schema says. */
  raise(event: RaisedEvent<Definition>): void {
    const { eventType } = event;
    const { payload } = this.#catalog.parse(eventType, event.payload);
    this.#state = evolveBy(this.#definition, this.#state, { eventType, payload });
    this.#uncommitted = [...this.#uncommitted, event];
  }

  /** Decides, and raises what was decided: all of it or, where something throws, nothing. */
  execute(command: Command): void {
    const before = { state: this.#state, uncommitted: this.#uncommitted };
    try {
      for (const event of this.#definition.decide(this.#state, command)) this.raise(event);
    } catch (error) {
      this.#state = before.state;
      this.#uncommitted = before.uncommitted;
      throw error;
    }
  }

  /** What was raised has been handed to a commit: the next append expects the version after it. */
  committed(): void {
    this.#version += this.#uncommitted.length;
    this.#uncommitted = [];
  }
}
