import type { DocumentData, Ids, Logger, RunTransaction } from '#kernel';
import { messageOf } from '#kernel';
import type { EventDefinition } from '../catalog/define-event.ts';
import type { Snapshot, StreamState } from '../snapshots/snapshot.ts';
import { decodeSnapshot, encodeSnapshot, snapshotPath, supersedes } from '../snapshots/snapshot.ts';
import { hashThrough, readPart } from '../streams/load-stream.ts';
import type { StreamHead } from '../streams/stream.ts';
import { StreamBrokenError } from '../streams/stream-errors.ts';
import type { StreamRef, StreamSource } from '../streams/stream-source.ts';
import type { Reducer } from './reducer.ts';
import { evolveBy } from './reducer.ts';

/** What loading states needs. */
export interface StateLoaderDeps {
  readonly source: StreamSource;
  readonly runTransaction: RunTransaction;
  readonly ids: Ids;
  readonly logger: Logger;
  /** A state is kept when this many events had to be read for it. */
  readonly snapshotEvery: number;
}

/** Up to where a stream is asked for. */
export interface StateTarget {
  readonly head: StreamHead;
  /** At most the head's version. */
  readonly throughVersion: number;
  readonly throughMs: number;
}

/** A state, and what is left to do for those who load it next. */
export interface LoadedState<State> extends StreamState<State> {
  /** Keeps a snapshot, if enough events were read to be worth it. Never throws: a failure is logged. */
  readonly keep: () => Promise<void>;
}

/** States of streams, from the nearest snapshot on. */
export class StateLoader {
  readonly #deps: StateLoaderDeps;

  constructor(deps: StateLoaderDeps) {
    this.#deps = deps;
  }

  /** Events of versions up to the head's never change: no matter in which transaction it was read. */
  async load<State, Definition extends EventDefinition>(
    reducer: Reducer<State, Definition>,
    stream: StreamRef,
    target: StateTarget,
  ): Promise<LoadedState<State>> {
    const start = { state: reducer.initial(), version: 0, hash: '', recordedAtMs: 0 };
    const snapshot = await this.#nearest(reducer, stream, target);
    let from = (snapshot as StreamState<State> | undefined) ?? start;
    let loaded: StreamState<State>;
    try {
      loaded = await this.#evolve(reducer, stream, target, from);
    } catch (error) {
      if (snapshot === undefined || !(error instanceof StreamBrokenError)) throw error;
      this.#warn('snapshot does not fit its stream', stream, error);
      from = start;
      loaded = await this.#evolve(reducer, stream, target, from);
    }
    return { ...loaded, keep: this.#keeping(reducer, stream, { from, loaded }) };
  }

  /** The snapshot to start from; a stream that is too short for one is not asked for it. */
  async #nearest<State, Definition extends EventDefinition>(
    reducer: Reducer<State, Definition>,
    stream: StreamRef,
    { head, throughVersion, throughMs }: StateTarget,
  ): Promise<Snapshot | undefined> {
    const mayHaveOne =
      throughVersion >= this.#deps.snapshotEvery || head.archivedThrough !== undefined;
    if (!mayHaveOne) return undefined;
    const snapshot = decodeSnapshot(await this.#deps.source.read(snapshotPath(stream, reducer)));
    if (snapshot?.schemaVersion !== reducer.schemaVersion) return undefined;
    const isPast = snapshot.version <= throughVersion && snapshot.recordedAtMs <= throughMs;
    return isPast ? snapshot : undefined;
  }

  async #evolve<State, Definition extends EventDefinition>(
    reducer: Reducer<State, Definition>,
    stream: StreamRef,
    target: StateTarget,
    from: StreamState<State>,
  ): Promise<StreamState<State>> {
    let reached = from;
    const part = { ...target, stream, fromVersion: from.version + 1, chain: from.hash };
    for await (const event of readPart(this.#deps.source, part)) {
      reached = {
        state: evolveBy(reducer, reached.state, event),
        version: event.streamVersion,
        hash: hashThrough(event),
        recordedAtMs: event.recordedAtMs,
      };
    }
    return reached;
  }

  /** What is kept is decided at once: the state goes on to be used before it is written. */
  #keeping<State, Definition extends EventDefinition>(
    reducer: Reducer<State, Definition>,
    stream: StreamRef,
    { from, loaded }: { readonly from: StreamState<State>; readonly loaded: StreamState<State> },
  ): () => Promise<void> {
    if (loaded.version - from.version < this.#deps.snapshotEvery) return async () => {};
    let data: DocumentData;
    try {
      data = encodeSnapshot(stream, reducer, loaded);
    } catch (error) {
      this.#warn('snapshot could not be kept', stream, error);
      return async () => {};
    }
    const { schemaVersion } = reducer;
    const { version } = loaded;
    const path = snapshotPath(stream, reducer);
    return async () => {
      try {
        await this.#deps.runTransaction(this.#deps.ids.documentId(), async (tx) => {
          const stored = decodeSnapshot((await tx.get(path)).data);
          if (supersedes({ schemaVersion, version }, stored)) tx.merge(path, data);
        });
      } catch (error) {
        this.#warn('snapshot could not be kept', stream, error);
      }
    };
  }

  #warn(message: string, { orgId, entityType, entityId }: StreamRef, error: unknown): void {
    const about = { orgId, entityType, entityId };
    this.#deps.logger.write({ severity: 'WARNING', message, ...about, error: messageOf(error) });
  }
}
