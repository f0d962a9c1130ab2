import createClient, { type Client } from 'openapi-fetch';
import type { Shell } from '../shell.ts';
import type { paths } from './contract.ts';
import { createPatientFetch } from './patient-fetch.ts';

/** The HTTP API, typed by its contract; every call carries the token. */
export type Api = Client<paths>;

/** Starts no I/O by itself: the token is asked for by the first call. */
export function createApi(shell: Shell, url: string, token: () => Promise<string>): Api {
  const api = createClient<paths>({ baseUrl: url, fetch: createPatientFetch(shell) });
  api.use({
    onRequest: async ({ request }) => {
      request.headers.set('authorization', `Bearer ${await token()}`);
      return request;
    },
  });
  return api;
}
