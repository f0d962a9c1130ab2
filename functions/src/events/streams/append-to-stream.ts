import type { TypedEvent } from '../catalog/catalog.ts';
import type { EventDefinition } from '../catalog/define-event.ts';
import type { EmitResult } from '../emit/emit-result.ts';
import { CodedError } from '#kernel';
import type { EventInput } from '../emit/event-input.ts';
import { problemsAt } from '../emit/refusal-of-events.ts';
import type { StreamRef } from './stream-source.ts';
import { StreamConflictError } from './stream.ts';

/** What an event of a stream says besides what the stream says for it. */
export type RaisedEvent<Definition extends EventDefinition> = Pick<
  EventInput,
  'matterId' | 'related' | 'occurredAt' | 'notBefore' | 'priority'
> &
  TypedEvent<Definition>;

/** What the stream says for each of its events. */
type OfStream = Required<Pick<EventInput, 'orgId' | 'entityType' | 'entityId' | 'stream'>>;

/**
 * Appends several events to one stream, in this order, in the transaction that `emit` writes with: a
 * command's `emit`, or `(event) => emitDomainEventWithOutbox(event, { transaction })` over its `tx`.
 * `expectedVersion` is the version before the first of them.
 *
 * Throws `StreamConflictError`, with the actual version, where the stream is at another one; what is
 * thrown has to end the transaction, or those of the events that were added already are committed.
 */
export async function appendToStream<Event extends object>(
  emit: (event: Event & OfStream) => Promise<EmitResult>,
  stream: StreamRef,
  expectedVersion: number | 'any',
  events: readonly Event[],
): Promise<EmitResult[]> {
  refuseNoVersion(expectedVersion);
  const { orgId, entityType, entityId, headPath } = stream;
  const results: EmitResult[] = [];
  for (const [index, event] of events.entries()) {
    const position = {
      expectedVersion: expectedVersion === 'any' ? expectedVersion : expectedVersion + index,
      ...(headPath === undefined ? {} : { headPath }),
    };
    const appended = { ...event, orgId, entityType, entityId, stream: position };
    results.push(await emit(appended).catch((error: unknown) => refuseAt(error, index)));
  }
  return results;
}

function refuseNoVersion(expectedVersion: unknown): void {
  if (expectedVersion === 'any') return;
  if (Number.isSafeInteger(expectedVersion) && Number(expectedVersion) >= 0) return;
  throw new CodedError('invalid-event', 'The events cannot be appended', [
    { path: 'expectedVersion', message: 'expected a whole number from 0, or "any"' },
  ]);
}

/** Says which of the events was refused; a conflict is the stream's. */
function refuseAt(error: unknown, index: number): never {
  if (!(error instanceof CodedError) || error instanceof StreamConflictError) throw error;
  const problems = problemsAt(error, `events[${index}]`);
  throw new CodedError(error.code, 'The events cannot be appended', problems, { cause: error });
}
