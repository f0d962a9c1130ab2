import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { QUICK_SETTINGS } from '../../tools/local/settings.ts';
import type { Stack } from '../../tools/local/stack.ts';
import { startStack } from '../../tools/local/stack.ts';

const run = promisify(execFile);
const readPage = (name: string): string =>
  readFileSync(new URL(`../../docs/how-to/${name}.md`, import.meta.url), 'utf8');

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    name: 'system-api',
    env: { ...QUICK_SETTINGS, API_RATE_PER_MINUTE: '100' },
  });
});

afterAll(() => stack.stop());

/** The page's commands, at the ports of this stack. */
function commandsOf(text: string): string {
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, code]) => code ?? '');
  const { functions, auth } = stack.ports;
  return ['set -euo pipefail', ...blocks]
    .join('\n')
    .replaceAll('127.0.0.1:5001', `127.0.0.1:${functions}`)
    .replaceAll('127.0.0.1:9099', `127.0.0.1:${auth}`);
}

describe('the API over HTTP', () => {
  const get = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(stack.functionUrl('api') + path, init);

  test('does what the page says that tells how to produce events', async () => {
    const text = readPage('produce-events');
    expect(text.match(/^```sh$/gm)?.length).toBeGreaterThan(6);
    const { stdout } = await run('bash', ['-c', commandsOf(text)]);
    expect(stdout).toContain('{"type":"custom.stock_counted","version":1}');
    expect(stdout.match(/"duplicate":(true|false)/g)).toEqual([
      '"duplicate":false',
      '"duplicate":true',
    ]);
    expect(stdout).toContain('"path": "payload.pieces"');
    expect(stdout.match(/"eventType": "custom.stock_counted"/g)).toHaveLength(1);
  });

  test('does what the page says that follows an order, and the other one a second time', async () => {
    const text = readPage('follow-an-order');
    expect(text.match(/^```sh$/gm)?.length).toBeGreaterThan(6);
    const { stdout } = await run('bash', ['-c', commandsOf(text)]);
    const story = stdout.slice(stdout.indexOf('400\n200\n'));
    expect(story).toContain('400\n200\n');
    expect(story.match(/^(order|invoice|fulfillment|payment|shipment)\.\S+ \S+$/gm)).toEqual(
      expect.arrayContaining(['order.created order', 'order.paid order', 'invoice.paid invoice']),
    );
    expect(story.match(/^shipment\.delivered shipment$/gm)).toHaveLength(2);
    expect(story).toMatch(/\n1\n(403 for a stranger\n){3}$/);
    const again = await run('bash', ['-c', commandsOf(readPage('produce-events'))]);
    expect(again.stdout).toContain('"duplicate":true');
  });

  test('turns away whoever has no token, or one that nobody gave', async () => {
    for (const headers of [{}, { authorization: 'Bearer x.y.z' }]) {
      const response = await get('/v1/events', { headers });
      expect([response.status, response.headers.get('content-type')]).toEqual([
        401,
        'application/problem+json',
      ]);
      expect(await response.json()).toMatchObject({ code: 'unauthenticated' });
    }
  });

  test('holds a caller to its rate, and says when to try again', async () => {
    const { auth } = stack.ports;
    const signUp = `http://${stack.host}:${auth}/identitytoolkit.googleapis.com/v1/accounts:signUp?key=demo`;
    const answer = await fetch(signUp, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"returnSecureToken":true}',
    });
    const { idToken } = (await answer.json()) as { idToken: string };
    const headers = { authorization: `Bearer ${idToken}`, 'x-org-id': 'nowhere' };
    const seen = new Set<number>();
    let last: Response | undefined;
    // A minute may turn meanwhile, and two do not.
    for (let calls = 0; calls < 300 && last?.status !== 429; calls += 1) {
      last = await get('/v1/schemas', { headers });
      seen.add(last.status);
    }
    expect([...seen]).toEqual([403, 429]);
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('takes no JSON for what is none', async () => {
    const headers = { 'content-type': 'application/json' };
    const { status } = await get('/v1/events', { method: 'POST', headers, body: '{"a":' });
    expect([400, 401]).toContain(status);
  });

  test('serves its contract, and takes on the correlation of a request', async () => {
    const response = await get('/v1/openapi.json', { headers: { 'x-correlation-id': 'mine' } });
    expect(await response.json()).toMatchObject({ openapi: '3.1.0' });
    expect(response.headers.get('x-correlation-id')).toBe('mine');
    const nowhere = await get('/v1/none');
    expect(await nowhere.json()).toMatchObject({
      requestId: nowhere.headers.get('x-correlation-id'),
    });
  });
});
