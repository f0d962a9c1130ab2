import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GoogleApi } from '../google/google-api.ts';
import { createGoogleApi } from '../google/google-api.ts';

/** An answer: a body, with 200; a status and a body; or none, ever. */
export type StubAnswer = object | readonly [status: number, body: unknown] | 'never';

/** Answers as Google's APIs do, by what is asked: `/v1/…` with its page token. */
export interface GoogleStub {
  readonly google: GoogleApi;
  /** By path, or by path and `#` and page token. What is not there is 404. */
  answers: Readonly<Record<string, StubAnswer>>;
  /** What was asked, in order: host and path, and the token it was asked with. */
  readonly asked: string[];
  readonly close: () => Promise<void>;
}

/** Starts a server of its own; to be closed. */
export async function startGoogleStub(): Promise<GoogleStub> {
  const asked: string[] = [];
  const server = createServer(({ url = '', headers }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://stub');
    const [, host = '', ...rest] = pathname.split('/');
    const pageToken = searchParams.get('pageToken');
    const path = `/${rest.join('/')}${pageToken === null ? '' : `#${pageToken}`}`;
    asked.push(`${host}${path} ${headers.authorization}`);
    const answer = stub.answers[path] ?? [404, { error: { code: 404, status: 'NOT_FOUND' } }];
    if (answer === 'never') return;
    const [status, body] = isPair(answer) ? answer : [200, answer];
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stub: GoogleStub = {
    google: createGoogleApi({
      fetch: (url, init) => {
        const { hostname, pathname, search } = new URL(url);
        return fetch(`http://127.0.0.1:${port}/${hostname}${pathname}${search}`, init);
      },
      accessToken: () => Promise.resolve('token1'),
    }),
    answers: {},
    asked,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
  return stub;
}

function isPair(answer: object): answer is readonly [number, unknown] {
  return Array.isArray(answer);
}

/** As in https://cloud.google.com/apis/design/errors. */
export function aRefusal(status: number, name: string, reason?: string): StubAnswer {
  const details = [
    { '@type': 'type.googleapis.com/google.rpc.Help', links: [] },
    { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com' },
  ];
  const message = 'Permission denied on resource project secret-name.';
  return [status, { error: { code: status, message, status: name, details } }];
}
