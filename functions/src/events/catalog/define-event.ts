import type { Problem } from '#kernel';
import { CodedError, isTypeName, TYPE_NAME_RULE } from '#kernel';
import type { z } from 'zod';
import { unstableIn } from './unstable-schema.ts';

/**
 * Turns a payload of one version into one of the next, as plain data with times as `Date`s. Pure: the
 * same payload always becomes the same, whenever it is read.
 */
export type Upcaster = (payload: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** One type of event: what happened, in the past tense, and what is said about it. */
export interface EventDefinition<
  Type extends string = string,
  Payload extends z.ZodType = z.ZodType,
> {
  readonly type: Type;
  /** Version of the payload's schema, from 1. A breaking change is a new version with an upcaster. */
  readonly version: number;
  /** Read by it again whenever it is read: it checks and fills in values, and transforms and catches nothing. */
  readonly payload: Payload;
  /** The upcaster of each earlier version, by that version: `{ 1: from1to2, 2: from2to3 }`. */
  readonly upcast?: Readonly<Record<number, Upcaster>>;
  /** Whether producers outside this backend may send it through the API. Default: nobody may. */
  readonly external?: boolean;
  /** Other spellings of the type, taken where events are emitted; what is stored is the type. */
  readonly aliases?: readonly string[];
  readonly description: string;
  readonly example: z.input<Payload>;
}

const ALIAS = /^[A-Za-z][A-Za-z0-9_.]{0,99}$/;

/**
 * Declares an event type. A wrong example does not compile; a wrong name or version, a version without its
 * upcaster, and a payload that another read may make something else of throw `invalid-event` at start.
 */
export function defineEvent<const Type extends string, Payload extends z.ZodType>(
  definition: EventDefinition<Type, Payload>,
): EventDefinition<Type, Payload> {
  const { type, version, payload, upcast = {}, aliases = [] } = definition;
  const problems: Problem[] = [];
  if (!isTypeName(type)) problems.push({ path: type, message: `expected ${TYPE_NAME_RULE}` });
  if (!Number.isSafeInteger(version) || version < 1) {
    problems.push({ path: 'version', message: 'expected a whole number from 1' });
  } else {
    problems.push(...problemsWithUpcasters(version, Object.keys(upcast)));
  }
  for (const alias of aliases.filter((name) => !ALIAS.test(name))) {
    problems.push({
      path: `aliases.${alias}`,
      message: 'expected a word, or words joined by dots',
    });
  }
  problems.push(...unstableIn(payload, 'payload'));
  if (problems.length > 0) throw new CodedError('invalid-event', 'Event type', problems);
  return definition;
}

function problemsWithUpcasters(version: number, given: readonly string[]): Problem[] {
  const needed = Array.from({ length: version - 1 }, (_, index) => String(index + 1));
  const missing = needed.filter((from) => !given.includes(from));
  const idle = given.filter((from) => !needed.includes(from));
  return [
    ...missing.map((from) => ({ path: `upcast.${from}`, message: 'an upcaster is missing' })),
    ...idle.map((from) => ({ path: `upcast.${from}`, message: 'there is no next version' })),
  ];
}
