import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { ERROR_CODES } from '../../client/contracts.ts';
import type { Callables } from '../../client/index.ts';
import type * as deployed from '../../functions/src/composition/commands.ts';
import type { ErrorCode } from '../../functions/src/kernel/index.ts';
import { CLIENT_CONTRACTS } from '../../tools/reference/client-contracts.ts';
import { clientContracts } from '../../tools/reference/pages.ts';

const root = new URL('../../', import.meta.url);

type Commands = typeof deployed;
type Equal<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** As JSON has it: what is optional is left out, never undefined. */
type Sent<T> = T extends readonly (infer Item)[]
  ? readonly Sent<Item>[]
  : T extends object
    ? { readonly [Field in keyof T]: Sent<Exclude<T[Field], undefined>> }
    : T;

/** What a command takes; for one that is declared as taking any object, what its contract says. */
type Taken<Name extends keyof Commands> = string extends keyof Input<Name>
  ? Callables[Name]['input']
  : Sent<Input<Name>>;
type Input<Name extends keyof Commands> = Commands[Name]['input']['_zod']['input'];
type Answered<Name extends keyof Commands> = Sent<Awaited<ReturnType<Commands[Name]['run']>>>;

/** The callables whose contract is another one than the code's; `never` where there are none. */
type Differing = {
  [Name in keyof Commands]: Equal<
    [Taken<Name>, Answered<Name>],
    [Callables[Name]['input'], Callables[Name]['result']]
  > extends true
    ? never
    : Name;
}[keyof Commands];

describe('the client’s contracts', () => {
  test('are as `npm run reference` writes them', () => {
    expect(readFileSync(new URL(CLIENT_CONTRACTS, root), 'utf8')).toBe(clientContracts());
  });

  // Judged by the compiler, and not by what wrote them.
  test('say of every callable what the code says', () => {
    const holds: [
      Equal<keyof Callables, keyof Commands>,
      Equal<Differing, never>,
      Equal<(typeof ERROR_CODES)[number], ErrorCode>,
    ] = [true, true, true];
    expect(holds).not.toContain(false);
    expect(ERROR_CODES).toContain('contention');
  });
});
