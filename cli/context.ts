import { createApi, type Api } from './api/client.ts';
import { createOutput, type Output } from './output/output.ts';
import type { Shell } from './shell.ts';
import { createTokenSource } from './sign-in/tokens.ts';
import { readUrl } from './sign-in/address.ts';

/** What every command is given. */
export interface Context {
  readonly shell: Shell;
  readonly url: string;
  readonly api: Api;
  readonly output: Output;
}

/** Options that every command takes. */
export interface GlobalOptions {
  readonly url?: string;
  readonly json?: boolean;
}

/** Throws a `Failure` for an address that no token should be sent to. */
export function createContext(shell: Shell, options: GlobalOptions): Context {
  const url = readUrl(options.url, shell.env);
  return {
    shell,
    url,
    api: createApi(shell, url, createTokenSource(shell, url)),
    output: createOutput(shell, options.json === true),
  };
}
