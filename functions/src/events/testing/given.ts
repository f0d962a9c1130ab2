import type { EventDefinition } from '../catalog/define-event.ts';
import type { AggregateDefinition } from '../aggregates/aggregate.ts';
import { Aggregate } from '../aggregates/aggregate.ts';
import type { RaisedEvent } from '../streams/append-to-stream.ts';

/** What became of an aggregate under test. */
export interface Outcome<State, Definition extends EventDefinition> {
  /** The events that the command caused, in order. */
  readonly events: readonly RaisedEvent<Definition>[];
  /** The state with them. */
  readonly state: State;
}

/**
 * An aggregate to which these events have happened. `when` lets it decide on a command, and throws what
 * `decide` throws; the events on both sides are held to their schemas.
 */
export function given<State, Definition extends EventDefinition, Command>(
  definition: AggregateDefinition<State, Definition, Command>,
  ...events: readonly RaisedEvent<Definition>[]
): { readonly when: (command: Command) => Outcome<State, Definition> } {
  return {
    when: (command) => {
      const aggregate = new Aggregate(definition);
      for (const event of events) aggregate.raise(event);
      aggregate.committed();
      aggregate.execute(command);
      return { events: aggregate.uncommitted, state: aggregate.state };
    },
  };
}
