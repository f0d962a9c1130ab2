import { CodedError } from '#kernel';
import type { EventDefinition } from '../catalog/define-event.ts';
import type { Cause } from './caused-by.ts';
import { withCause } from './caused-by.ts';
import { CommitBudget } from './commit-budget.ts';
import { commitEvents } from './commit-events.ts';
import type { EmitResult } from './emit-result.ts';
import type { EmitDeps, TypedEventInput } from './emit.ts';
import { isObject, refuseStream, withTypeOf } from './emit.ts';
import type { EventInput } from './event-input.ts';
import { keyReused } from './key-reused.ts';
import type { PlannedEvent } from './plan-event.ts';
import { planEvent } from './plan-event.ts';
import { readType } from './read-type.ts';
import { allOrRefusal } from './refusal-of-events.ts';

/** What a batch of events is emitted with. */
export interface EmitBatchOptions {
  /** What they are emitted because of; see `Cause`. */
  readonly causedBy?: Cause | undefined;
}

/**
 * Writes up to 100 events, at most 5 MB together, and their jobs in one commit, all or none of them, and
 * answers for each in the order given. With keys it is as often as it likes: events that are there already
 * are answered with `duplicate: true` and the others are written.
 *
 * Throws with the path of every problem of every event (`events[3].payload.text`), and nothing is
 * written: `invalid-event`, `payload-too-large`, `idempotency-key-reused` for a key that was used for
 * something else or twice in this batch, `stream-needs-transaction` for an event in a stream, and
 * `invalid-event` for several of these at once.
 */
export type EmitBatch<Definition extends EventDefinition> = (
  events: readonly TypedEventInput<Definition>[],
  options?: EmitBatchOptions,
) => Promise<EmitResult[]>;

/** Binds `EmitBatch` to an event log. */
export function createEmitBatch<Definition extends EventDefinition>(
  deps: EmitDeps,
): EmitBatch<Definition> {
  return async (events: readonly EventInput[], { causedBy } = {}) => {
    refuseNoList(events);
    CommitBudget.refuseMoreThanFit(events.length);
    const inputs =
      causedBy === undefined
        ? events
        : events.map((event) => (isObject(event) ? withCause(event, causedBy) : event));
    return emitAll(
      deps,
      inputs.map((input) => withTypeOf(deps.catalog, input)),
    );
  };
}

function refuseNoList(events: unknown): void {
  if (Array.isArray(events)) return;
  const problem = { path: 'events', message: 'expected a list of events' };
  throw new CodedError('invalid-event', 'The events cannot be emitted', [problem]);
}

async function emitAll(deps: EmitDeps, inputs: readonly EventInput[]): Promise<EmitResult[]> {
  const token = deps.ids.documentId();
  const planned = allOrRefusal(
    await Promise.all(inputs.map((input) => orError(() => plan(deps, input, token)))),
  );
  const budget = new CommitBudget();
  allOrRefusal(planned.map((event) => spend(budget, event)));
  return allOrRefusal(await commitEvents(deps, planned, token));
}

async function plan(deps: EmitDeps, input: EventInput, token: string): Promise<PlannedEvent> {
  const planned = planEvent(await readType(deps, input), input, token, undefined);
  refuseStream(input);
  return planned;
}

function spend(budget: CommitBudget, { eventId, content, bytes }: PlannedEvent): unknown {
  if (budget.has(eventId)) return keyReused(content, 'in the same batch');
  budget.spend(eventId, bytes);
  return undefined;
}

async function orError<T>(work: () => Promise<T>): Promise<T | CodedError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CodedError) return error;
    throw error;
  }
}
