import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer, METHODS, request as open } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Auth } from 'firebase-admin/auth';
import { getAuth } from 'firebase-admin/auth';
import type { LogEntry } from '#kernel';
import { firebaseLogger, getBackend } from '../composition/index.ts';
import { DEFAULT_SETTINGS } from '../composition/settings.ts';
import { api } from './api.ts';

const lines: LogEntry[] = [];
jest.spyOn(firebaseLogger, 'write').mockImplementation((entry) => lines.push(entry));

let server: Server;
let port: number;

/** Serves the function as the platform does: with what Express adds of which the function makes use. */
async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const rawBody = await buffer(request);
  const status = (code: number) => Object.assign(response, { statusCode: code });
  const served = Object.assign(request, rawBody.length > 0 ? { rawBody } : {});
  await api(served as never, Object.assign(response, { status }) as never);
}

beforeAll(async () => {
  server = createServer((request, response) => {
    serve(request, response).catch(() => response.writeHead(599).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

beforeEach(() => {
  lines.length = 0;
});

interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** As it is, also what `fetch` would not send. */
async function send(method: string, path: string, { headers = {}, body }: Sent = {}) {
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const sending = open({ port, method, path, headers: { ...type, ...headers } });
  sending.end(body === undefined ? undefined : JSON.stringify(body));
  const [answer] = (await once(sending, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, text: await text(answer) };
}

function codeOf({ headers, text: body }: Awaited<ReturnType<typeof send>>): unknown {
  expect(headers['content-type']).toBe('application/problem+json');
  return (JSON.parse(body) as { readonly code: unknown }).code;
}

test('before the settings have arrived a call is answered with a problem, which says nothing of them', async () => {
  const answer = await send('GET', '/v1/events', { headers: { 'x-correlation-id': 'mine' } });
  expect([answer.status, codeOf(answer), answer.headers['x-correlation-id']]).toEqual([
    500,
    'internal',
    'mine',
  ]);
  expect(answer.text).not.toContain('OUTBOX_');
  expect(lines).toEqual([
    expect.objectContaining({ severity: 'ERROR', error: expect.stringContaining('OUTBOX_') }),
  ]);
});

describe('a request', () => {
  beforeAll(() => {
    for (const [name, value] of Object.entries(DEFAULT_SETTINGS)) process.env[name] = String(value);
  });

  const others = METHODS.filter((name) => !['GET', 'HEAD', 'POST', 'CONNECT'].includes(name));

  test.each(others)('that would %s is told what can be done', async (method) => {
    const answer = await send(method, '/v1/events');
    expect([answer.status, codeOf(answer)]).toEqual([405, 'method-not-allowed']);
    expect(answer.headers).toMatchObject({
      allow: 'POST, GET',
      'cache-control': 'private, no-cache',
      'x-correlation-id': expect.any(String),
    });
  });

  test('for its head is one for the whole, without its body', async () => {
    expect(await send('HEAD', '/v1/openapi.json')).toMatchObject({ status: 200, text: '' });
    expect(await send('HEAD', '/v1/events')).toMatchObject({ status: 401, text: '' });
  });

  test('of any method for anything is answered with a problem', async () => {
    const method = fc.constantFrom('GET', 'POST', ...others);
    const piece = fc.constantFrom(
      '/',
      'v1',
      'events',
      '%',
      '%00',
      '..',
      '?',
      '*',
      ':',
      '@',
      '[',
      '\\',
    );
    const path = fc.array(piece, { maxLength: 6 }).map((pieces) => `/${pieces.join('')}`);
    const full = fc.oneof(
      path,
      path.map((said) => `http://elsewhere.test${said}`),
    );
    const name = fc.constantFrom('authorization', 'x-org-id', 'x-forwarded-for', 'traceparent');
    const headers = fc.dictionary(name, fc.stringMatching(/^[ -~\u00A0-\u00FF]{0,30}$/));
    const isAnswered = fc.asyncProperty(method, full, headers, async (said, to, more) => {
      const { status, ...answer } = await send(said, to, { headers: more });
      expect([400, 401, 404, 405]).toContain(status);
      codeOf({ status, ...answer });
    });
    await fc.assert(isAnswered, { numRuns: 500 });
    expect(lines.filter(({ severity }) => severity === 'ERROR')).toEqual([]);
  });

  test('comes from where the platform says, whatever its client has said', async () => {
    const { events, firestore, customTypes } = getBackend();
    const token = { uid: 'pia', producer: { orgs: ['org1'], types: ['custom.*'] } };
    const auth: Auth = getAuth();
    jest.spyOn(auth, 'verifyIdToken').mockResolvedValue(token as never);
    const type = { type: 'custom.counted', description: 'Counted.', schema: { type: 'object' } };
    await customTypes.register('org1', type, { actorType: 'user', actorId: 'ada' });
    const about = { eventType: 'custom.counted', entityType: 'counter', payload: {} };
    const headers = { authorization: 'Bearer x', 'x-org-id': 'org1' };
    const from = ['6.6.6.6, 203.0.113.7', undefined] as const;
    for (const [index, forwarded] of from.entries()) {
      const more = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
      const body = { ...about, entityId: `c${index}` };
      const { status } = await send('POST', '/v1/events', {
        headers: { ...headers, ...more },
        body,
      });
      expect(status).toBe(201);
    }
    const page = await events.list({ orgId: 'org1', entityType: 'counter' });
    const addresses = page.events.map(({ metadata }) => metadata.ipAddress);
    // The connection's own address is Express's to say.
    expect(addresses).toEqual([undefined, '203.0.113.7']);
    expect((await firestore.collection('rate_limits').get()).size).toBe(1);
  });
});
