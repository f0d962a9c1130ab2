import type { z } from 'zod';
import type { EventDefinition } from '../catalog/define-event.ts';

/** What a state is made of: an event's type and its payload as the type's newest schema reads it. */
export type ReducedEvent<Definition extends EventDefinition> = Definition extends unknown
  ? {
      readonly eventType: Definition['type'];
      readonly payload: z.output<Definition['payload']>;
    }
  : never;

/** How the events of a stream become a state. */
export interface Reducer<State, Definition extends EventDefinition = EventDefinition> {
  /** Names its snapshots, of the grammar of types: two reducers over one stream have two names. */
  readonly name: string;
  /**
   * Of its state, from 1. Raise it when `evolve` or the shape of the state changes: snapshots of another
   * version are left aside, and the state is made from the events again.
   */
  readonly schemaVersion: number;
  /** The types that change the state; all others in the stream are passed over. */
  readonly events: readonly Definition[];
  /** The state of a stream without events: plain values as an event's payload has, or no snapshot is kept. */
  readonly initial: () => State;
  /** The state after an event. Pure: it changes nothing and asks nobody, neither clock nor chance. */
  readonly evolve: (state: State, event: ReducedEvent<Definition>) => State;
}

/** The state after an event, whatever it is. */
export function evolveBy<State, Definition extends EventDefinition>(
  reducer: Reducer<State, Definition>,
  state: State,
  event: { readonly eventType: string; readonly payload: unknown },
): State {
  if (!reducer.events.some(({ type }) => type === event.eventType)) return state;
  // The stored payload has passed its type's schema, and the type is one of the reducer's.
  return reducer.evolve(state, event as ReducedEvent<Definition>);
}
