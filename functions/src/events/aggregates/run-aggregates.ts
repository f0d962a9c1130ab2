import type { DocumentTransaction } from '#kernel';
import { CodedError } from '#kernel';
import type { EventDefinition } from '../catalog/define-event.ts';
import type { EmitResult } from '../emit/emit-result.ts';
import type { EventInput } from '../emit/event-input.ts';
import type { RaisedEvent } from '../streams/append-to-stream.ts';
import { appendToStream } from '../streams/append-to-stream.ts';
import { headPathOf } from '../streams/load-stream.ts';
import { readHead } from '../streams/stream.ts';
import type { StreamRef } from '../streams/stream-source.ts';
import type { AggregateDefinition } from './aggregate.ts';
import { Aggregate } from './aggregate.ts';
import type { AggregateState } from './load-aggregate.ts';
import type { LoadedState, StateLoader } from './state-loader.ts';

/** Which entity of an aggregate's type. */
export type AggregateRef = Pick<StreamRef, 'orgId' | 'entityId' | 'headPath'>;

/** Loads an entity, decides and appends, in one transaction; see `CommandContext.execute`. */
export type Execute<Allowed extends EventDefinition> = <State, Definition extends Allowed, Command>(
  definition: AggregateDefinition<State, Definition, Command>,
  entity: AggregateRef,
  command: Command,
) => Promise<AggregateState<State>>;

/** Aggregates in one run of a transaction's callback. */
export interface AggregatesOfRun<Definition extends EventDefinition> {
  readonly execute: Execute<Definition>;
  /** Keeps snapshots of what was loaded; for when the transaction has ended, whichever way. */
  readonly keepSnapshots: () => Promise<void>;
}

type AnyAggregate = Aggregate<unknown, EventDefinition, unknown>;

interface OpenedAggregate {
  readonly definition: unknown;
  readonly opening: Promise<AnyAggregate>;
}

/**
 * The head is read in the transaction and the events beside it: those it counts are committed and never
 * change, and where another appends meanwhile, the transaction runs again from its new head.
 */
export function openAggregates<Allowed extends EventDefinition>(
  states: StateLoader,
  tx: DocumentTransaction,
  emit: (
    event: RaisedEvent<Allowed> & Pick<EventInput, 'orgId' | 'entityType' | 'entityId' | 'stream'>,
  ) => Promise<EmitResult>,
): AggregatesOfRun<Allowed> {
  const opened = new Map<string, OpenedAggregate>();
  const loads: LoadedState<unknown>[] = [];

  async function open(
    definition: AggregateDefinition<unknown, EventDefinition, unknown>,
    stream: StreamRef,
  ): Promise<AnyAggregate> {
    const head = readHead((await tx.get(headPathOf(stream))).data);
    const target = { head, throughVersion: head.version, throughMs: Infinity };
    const loaded = await states.load(definition, stream, target);
    loads.push(loaded);
    return new Aggregate(definition, loaded);
  }

  return {
    execute: async <State, Definition extends Allowed, Command>(
      definition: AggregateDefinition<State, Definition, Command>,
      { orgId, entityId, headPath }: AggregateRef,
      command: Command,
    ) => {
      const { entityType } = definition;
      const stream = { orgId, entityType, entityId, headPath };
      const key = JSON.stringify([orgId, entityType, entityId]);
      const any = definition as unknown as Parameters<typeof open>[0];
      const one = opened.get(key) ?? { definition, opening: open(any, stream) };
      if (one.definition !== definition) throw mixed(entityType);
      opened.set(key, one);
      const aggregate = (await one.opening) as unknown as Aggregate<State, Definition, Command>;
      aggregate.execute(command);
      const { version: expectedVersion, uncommitted } = aggregate;
      // Before anything is waited for: what another call in this run adds comes after it.
      aggregate.committed();
      await appendToStream(emit, stream, expectedVersion, uncommitted);
      return { state: aggregate.state, version: aggregate.version };
    },
    keepSnapshots: async () => {
      for (const { keep } of loads) await keep();
    },
  };
}

function mixed(entityType: string): CodedError {
  const message = `Two aggregates were declared of ${entityType}: there is one of an entity type.`;
  return new CodedError('invalid-setting', message);
}
