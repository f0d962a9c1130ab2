import type { Request as FunctionRequest } from 'firebase-functions/https';
import { onRequest } from 'firebase-functions/https';
import { systemIds } from '#kernel';
import { getApi } from '../composition/index.ts';
import { DEPLOYMENT } from './deployment.ts';
import { traceOf } from './request-trace.ts';

/** The HTTP API; bodies of 6 MB, some of them at once, want more memory than the other functions. */
export const api = onRequest({ ...DEPLOYMENT, memory: '512MiB' }, async (request, response) => {
  const facts = { ...traceOf(request.headers, systemIds), ipAddress: request.ip };
  const app = await getApi();
  const answer = await app.fetch(toWebRequest(request), facts);
  response.status(answer.status).setHeaders(answer.headers);
  response.end(Buffer.from(await answer.arrayBuffer()));
});

/** What the platform has read already, as a request of the web's kind. */
function toWebRequest({ method, url, headers, rawBody }: FunctionRequest): Request {
  const entries = Object.entries(headers).flatMap(([name, values = []]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  );
  const hasBody = method !== 'GET' && method !== 'HEAD' && rawBody !== undefined;
  return new Request(`http://localhost${url}`, {
    method,
    headers: entries,
    ...(hasBody ? { body: new Uint8Array(rawBody) } : {}),
  });
}
