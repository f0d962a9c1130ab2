import type { Request as FunctionRequest } from 'firebase-functions/https';
import { onRequest } from 'firebase-functions/https';
import { systemIds } from '#kernel';
import { failedRequest, getApi } from '../composition/index.ts';
import { addressOf } from './client-address.ts';
import { DEPLOYMENT } from './deployment.ts';
import { traceOf } from './request-trace.ts';

/** Those that a request of the web's kind cannot have (https://fetch.spec.whatwg.org/#forbidden-method). */
const FORBIDDEN = /^(CONNECT|TRACE|TRACK)$/i;

/** The HTTP API; bodies of 6 MB, some of them at once, want more memory than the other functions. */
export const api = onRequest({ ...DEPLOYMENT, memory: '512MiB' }, async (request, response) => {
  const answer = await answerTo(request);
  response.status(answer.status).setHeaders(answer.headers);
  response.end(Buffer.from(await answer.arrayBuffer()));
});

/** Never throws: what the platform says of a function that does is no problem document. */
async function answerTo(request: FunctionRequest): Promise<Response> {
  const trace = traceOf(request.headers, systemIds);
  try {
    const app = await getApi();
    return await app.fetch(toWebRequest(request), { ...trace, ipAddress: addressOf(request) });
  } catch (error) {
    return failedRequest(error, trace.correlationId);
  }
}

/** What the platform has read already, as a request of the web's kind. */
function toWebRequest({ method, url, headers, rawBody }: FunctionRequest): Request {
  const entries = Object.entries(headers).flatMap(([name, values = []]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  );
  const hasBody = method !== 'GET' && method !== 'HEAD' && rawBody !== undefined;
  return new Request(`http://localhost${url}`, {
    // No route has them, as it has no other of that many.
    method: FORBIDDEN.test(method) ? 'UNKNOWN' : method,
    headers: entries,
    ...(hasBody ? { body: new Uint8Array(rawBody) } : {}),
  });
}
