import { CodedError, isTypeName, TYPE_NAME_RULE } from '#kernel';
import type { z } from 'zod';

/** One type of event: what happened, in the past tense, and what is said about it. */
export interface EventDefinition<
  Type extends string = string,
  Payload extends z.ZodType = z.ZodType,
> {
  readonly type: Type;
  /** Version of the payload's schema, from 1. A breaking change is a new version with an upcaster. */
  readonly version: number;
  readonly payload: Payload;
  readonly description: string;
  readonly example: z.input<Payload>;
}

/** Declares an event type; a wrong example does not compile and a wrong name throws at start. */
export function defineEvent<const Type extends string, Payload extends z.ZodType>(
  definition: EventDefinition<Type, Payload>,
): EventDefinition<Type, Payload> {
  if (!isTypeName(definition.type)) {
    throw new CodedError('invalid-event', 'Event type', [
      { path: definition.type, message: `expected ${TYPE_NAME_RULE}` },
    ]);
  }
  return definition;
}
