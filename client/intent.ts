import type { Callables } from './contracts.ts';
import type { System } from './system.ts';
import { system } from './system.ts';

/** The name of a callable. */
export type CallableName = keyof Callables;

/** What a callable takes, without the idempotency key. */
export type InputOf<Name extends CallableName> = Callables[Name]['input'];

/** What a callable answers. */
export type ResultOf<Name extends CallableName> = Callables[Name]['result'];

/**
 * One thing that somebody wants done, once. Plain data: it may be stored, and sent after the app was closed
 * and opened again. Sent any number of times within 30 days it is done once; the backend knows it by its key.
 */
export interface Intent<Name extends CallableName = CallableName> {
  readonly name: Name;
  readonly input: InputOf<Name>;
  readonly idempotencyKey: string;
}

/**
 * Makes an intent with a key of its own: once for what a person asks for (a press of a button), not once for
 * each time it is sent. `input` is copied as JSON says it: fields that are undefined are left out.
 */
export function intentTo<Name extends CallableName>(
  name: Name,
  input: InputOf<Name>,
  { newKey }: Pick<System, 'newKey'> = system,
): Intent<Name> {
  const copy = JSON.parse(JSON.stringify(input)) as InputOf<Name>;
  return { name, input: copy, idempotencyKey: newKey() };
}
