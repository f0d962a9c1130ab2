import type { ErrorCode, Problem } from '#kernel';
import { CodedError } from '#kernel';
import type { DomainEvent } from '../event.ts';

/** A read model cannot take an event: which one, and what is wrong where. The event is unharmed. */
export class ProjectionFailedError extends CodedError {
  constructor(
    projection: string,
    event: DomainEvent,
    problems: readonly Problem[],
    { cause, code = 'projection-failed' }: ErrorOptions & { readonly code?: ErrorCode } = {},
  ) {
    super(code, `${projection} cannot take ${nameOf(event)}`, problems, { cause });
  }
}

function nameOf({ eventId, eventType, schemaVersion, streamVersion }: DomainEvent): string {
  const place = streamVersion === undefined ? '' : `, version ${streamVersion} of its stream`;
  return `event ${eventId} (${eventType.slice(0, 100)} version ${schemaVersion}${place})`;
}
