import { CodedError } from '#kernel';
import type { EventDefinition } from '../catalog/define-event.ts';
import type { StreamRange } from '../streams/load-stream.ts';
import { checkVersion, loadStream, requireHead, timeOf } from '../streams/load-stream.ts';
import type { StreamHead } from '../streams/stream.ts';
import type { StreamEvent, StreamRef } from '../streams/stream-source.ts';
import type { Reducer } from './reducer.ts';
import type { StateLoaderDeps, StateTarget } from './state-loader.ts';
import { StateLoader } from './state-loader.ts';

/** An entity's state, and how many of its events that is. */
export interface AggregateState<State> {
  readonly state: State;
  /** How many events the state is made of. */
  readonly version: number;
}

/** Reads streams; see `loadStream` and `createStreams`. */
export interface Streams {
  /** A stream's events, page by page; throws `archived` and `stream-broken`. */
  readonly loadStream: (stream: StreamRef, range?: StreamRange) => AsyncIterable<StreamEvent>;
  /**
   * The state at the newest version, at a version, or at a time: what was recorded until then. Where
   * many events had to be read, the next one to ask finds a snapshot.
   * Throws `not-found` for a version that the stream has not reached, `archived` and `stream-broken`.
   */
  readonly loadAggregate: <State, Definition extends EventDefinition>(
    reducer: Reducer<State, Definition>,
    stream: StreamRef,
    options?: { readonly at?: number | Date | undefined },
  ) => Promise<AggregateState<State>>;
  /** States for whoever has read the head already, in a transaction. */
  readonly states: StateLoader;
}

/** Binds the reading of streams to a database. */
export function createStreams(deps: StateLoaderDeps): Streams {
  const states = new StateLoader(deps);
  return {
    states,
    loadStream: (stream, range) => loadStream(deps.source, stream, range),
    loadAggregate: async (reducer, stream, { at } = {}) => {
      if (typeof at === 'number') checkVersion('at', at, 0);
      const throughMs = at instanceof Date ? timeOf(at) : Infinity;
      const head = await requireHead(deps.source, stream);
      const target = { ...versionAt(head, at), throughMs };
      const { state, version, keep } = await states.load(reducer, stream, target);
      await keep();
      return { state, version };
    },
  };
}

function versionAt(
  head: StreamHead,
  at: number | Date | undefined,
): Omit<StateTarget, 'throughMs'> {
  if (typeof at !== 'number') return { head, throughVersion: head.version };
  if (at <= head.version) return { head, throughVersion: at };
  const message = `There is no version ${at} of this entity: it is at version ${head.version}.`;
  throw new CodedError('not-found', message);
}
