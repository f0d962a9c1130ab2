import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { deleteApp, initializeApp } from 'firebase/app';
import { connectFunctionsEmulator, getFunctions } from 'firebase/functions';
import { CallError, intentTo, openClient } from './index.ts';
import type { Client } from './index.ts';

/** How the backend answers a call; without a status it hangs up. */
interface Answer {
  readonly status?: number;
  readonly body?: object;
}

const app = initializeApp({ apiKey: 'demo', projectId: 'demo-outbox' });
const comment = { orgId: 'org1', matterId: 'matter1', body: 'Hello' };
const done: Answer = { status: 200, body: { result: { commentId: 'c1', version: 1 } } };
const hangUp: Answer = {};

let server: Server;
let client: Client;
/** What is to be answered next, and what was asked. */
let answers: Answer[];
let asked: { readonly path: string; readonly data: unknown }[];
let waits: number[];
let keys = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const functions = getFunctions(app, 'us-central1');
  connectFunctionsEmulator(functions, '127.0.0.1', (server.address() as AddressInfo).port);
  const newKey = (): string => `key${(keys += 1)}`;
  const wait = async (ms: number): Promise<void> => {
    waits.push(ms);
  };
  client = openClient(functions, { newKey, wait });
});

beforeEach(() => {
  answers = [];
  asked = [];
  waits = [];
  keys = 0;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await deleteApp(app);
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { data } = (await json(request)) as { data: unknown };
  asked.push({ path: request.url ?? '', data });
  const { status, body } = answers.shift() ?? done;
  if (status === undefined) return void request.socket.destroy();
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function refusal(code: string, more: object = {}, status = 400): Answer {
  const details = { code, ...more };
  return { status, body: { error: { status: 'INVALID_ARGUMENT', message: 'No', details } } };
}

async function errorOf(calling: Promise<unknown>): Promise<CallError> {
  const error = await calling.catch((thrown: unknown) => thrown);
  if (error instanceof CallError) return error;
  throw new Error('It ended otherwise.', { cause: error });
}

describe('a call', () => {
  test('reaches the callable of its name with a key of its own, and is answered', async () => {
    expect(await client.call('addComment', comment)).toEqual({ commentId: 'c1', version: 1 });
    await client.call('addComment', comment);
    const data = asked.map((call) => call.data);
    expect(data).toEqual([
      { ...comment, idempotencyKey: 'key1' },
      { ...comment, idempotencyKey: 'key2' },
    ]);
    expect(asked[0]?.path).toBe('/demo-outbox/us-central1/addComment');
  });

  test('leaves out what is undefined, which would arrive as null', async () => {
    const input = { ...comment, mentions: undefined } as unknown as typeof comment;
    await client.call('addComment', input);
    expect(asked[0]?.data).toEqual({ ...comment, idempotencyKey: 'key1' });
  });

  test.each([
    ['nobody answers', hangUp],
    ['the platform fails', { status: 503, body: {} }],
    ['others change the same', refusal('contention')],
    ['the backend is surprised', refusal('internal', { correlationId: 'r1' }, 500)],
  ])('is sent again with the same key where %s', async (_, first) => {
    answers = [first, first];
    expect(await client.call('addComment', comment)).toEqual({ commentId: 'c1', version: 1 });
    expect(asked).toHaveLength(3);
    expect(new Set(asked.map(({ data }) => JSON.stringify(data))).size).toBe(1);
    expect(waits).toEqual([500, 2_000]);
  });

  test('that is refused is not sent again', async () => {
    answers = [refusal('permission-denied', {}, 403)];
    const { code, isPassing } = await errorOf(client.call('addComment', comment));
    expect([code, isPassing, asked.length, waits]).toEqual(['permission-denied', false, 1, []]);
  });
});

describe('an intent', () => {
  test('keeps its key and its input, however often it is sent and stored between', async () => {
    const mentions = ['ben'];
    const intent = intentTo('addComment', { ...comment, mentions });
    mentions.push('cleo');
    answers = [hangUp, hangUp, hangUp];
    const { code, isPassing } = await errorOf(client.send(intent));
    expect([code, isPassing]).toEqual(['no-answer', true]);
    await client.send(JSON.parse(JSON.stringify(intent)) as typeof intent);
    const { idempotencyKey } = intent;
    expect(asked.map(({ data }) => data)).toEqual(
      Array.from({ length: 4 }, () => ({ ...comment, mentions: ['ben'], idempotencyKey })),
    );
  });

  test('has a key that no other has', () => {
    const intents = Array.from({ length: 100 }, () => intentTo('addComment', comment));
    expect(new Set(intents.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(100);
  });
});

describe('a refusal', () => {
  test('has its code, and the place of each problem', async () => {
    const problems = [{ path: 'body', message: 'Too small' }];
    answers = [refusal('invalid-input', { problems })];
    const error = await errorOf(client.call('addComment', comment));
    expect([error.code, error.problems, error.reference]).toEqual([
      'invalid-input',
      problems,
      undefined,
    ]);
    expect(error.message).toContain('No');
  });

  test('that was a surprise has what it is called in the logs', async () => {
    const surprise = refusal('internal', { correlationId: 'r1' }, 500);
    answers = [surprise, surprise, surprise];
    const { code, reference, problems } = await errorOf(client.call('addComment', comment));
    expect([code, reference, problems]).toEqual(['internal', 'r1', []]);
  });

  test('of a kind that this client does not know yet is not sent again', async () => {
    answers = [refusal('not-invented-yet')];
    const { code, isPassing } = await errorOf(client.call('addComment', comment));
    expect([code, isPassing, asked.length]).toEqual(['unknown', false, 1]);
  });

  test.each([
    [401, 'unauthenticated', 'unauthenticated'],
    [403, 'permission-denied', 'permission-denied'],
    [400, 'invalid-argument', 'invalid-input'],
    [404, 'not-found', 'no-answer'],
    [500, 'internal', 'no-answer'],
  ])('of the platform itself, with status %i, is told by it', async (status, _, code) => {
    const platforms = { status, body: {} };
    answers = [platforms, platforms, platforms];
    expect((await errorOf(client.call('addComment', comment))).code).toBe(code);
  });
});
