import { jest } from '@jest/globals';
import type { CallableFunction } from 'firebase-functions/https';
import { DEFAULT_SETTINGS } from '../../composition/settings.ts';

// The platform's library tells of every call, through the methods that it finds when it is loaded: this file is
// imported before any that loads it.
for (const level of ['debug', 'info', 'log', 'warn', 'error'] as const) {
  jest.spyOn(console, level).mockReturnValue();
}

/** A deployed callable, which is served requests. */
type Callable = CallableFunction<unknown, unknown>;

/** What a callable answers over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly body: {
    readonly result?: Readonly<Record<string, unknown>>;
    readonly error?: {
      readonly status: string;
      readonly message: string;
      readonly details?: { readonly code?: string };
    };
  };
}

/** The callables as they are deployed, by their names, with default settings and without App Check. */
export async function loadCallables(): Promise<ReadonlyMap<string, Callable>> {
  for (const [name, value] of Object.entries(DEFAULT_SETTINGS)) process.env[name] = String(value);
  process.env['FUNCTIONS_EMULATOR'] = 'true';
  const deployed = Object.entries(await import('../../index.ts')) as [string, Partial<Callable>][];
  const callables = deployed.filter(([, { __endpoint }]) => __endpoint?.callableTrigger);
  return new Map(callables as [string, Callable][]);
}

/** Serves one request as the platform does: `body` is what it has read as JSON. */
export async function post(
  callable: Callable,
  token: string | undefined,
  body: unknown,
): Promise<WireAnswer> {
  const answer = Promise.withResolvers<WireAnswer>();
  let status = 200;
  const response = {
    setHeader: () => response,
    getHeader: () => undefined,
    status: (code: number) => {
      status = code;
      return response;
    },
    send: (sent: object) => {
      const read = JSON.parse(JSON.stringify(sent)) as WireAnswer['body'];
      answer.resolve({ status, body: read });
    },
    on: (event: string, listener: () => void) => {
      if (event === 'finish') answer.promise.then(listener, listener);
      return response;
    },
  };
  const headers: Readonly<Record<string, string>> = {
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const header = (name: string): string | undefined => headers[name.toLowerCase()];
  const request = { method: 'POST', headers, header, ip: '203.0.113.7', body, on: () => request };
  const serve = callable as unknown as (...served: readonly unknown[]) => Promise<void>;
  const [answered] = await Promise.all([answer.promise, serve(request, response)]);
  return answered;
}
