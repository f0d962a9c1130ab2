import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Window } from 'happy-dom';
import { QUICK_SETTINGS } from '../tools/local/settings.ts';
import type { Stack } from '../tools/local/stack.ts';
import { startStack } from '../tools/local/stack.ts';
import { waitFor } from '../tools/local/wait-for.ts';
import type { CallError } from '../client/index.ts';
import type { Office } from './office.ts';
import { openOffice } from './office.ts';
import { showOffice } from './page.ts';

const PATIENCE = { timeoutMs: 60_000 };

let stack: Stack;
let page: string;
let office: Office;

beforeAll(async () => {
  stack = await startStack({ name: 'example', env: QUICK_SETTINGS });
  page = `http://${stack.host}:${String(stack.ports.hosting)}/example/`;
  office = await openOffice(stack);
});

afterAll(async () => {
  await Promise.all(office.people.map((person) => person.leave()));
  await stack.stop();
});

function textOf(url: string): Promise<string> {
  return fetch(url).then((response) => response.text());
}

/** Somebody's part of the page: what they say, and what they see. */
function deskIn(root: HTMLElement, name: string) {
  const desk = root.querySelector(`[data-person=${name}]`)!;
  const seen = (): string[] => [...desk.querySelectorAll('li')].map((item) => item.textContent);
  const say = (body: string): void => {
    desk.querySelector('input')!.value = body;
    desk.querySelector('form')!.dispatchEvent(new window.Event('submit', { cancelable: true }));
  };
  return { seen, say, status: () => desk.querySelector('output')!.textContent };
}

const window = new Window() as unknown as globalThis.Window & typeof globalThis;

describe('the example page', () => {
  test('is served with its code, the client’s and Firebase’s, and no schema', async () => {
    expect(await textOf(page)).toContain('src="main.js"');
    const code = await textOf(`${page}main.js`);
    expect(code).toContain('place.json');
    expect(code).not.toMatch(/ZodError|\$ZodType|firebase-admin/);
    const place = JSON.parse(await textOf(`${page}place.json`)) as object;
    expect(place).toMatchObject({ projectId: stack.projectId, ports: stack.ports });
  });

  test('shows one what the other said, and nobody their own', async () => {
    const root = window.document.createElement('main');
    showOffice(root, office);
    const [ada, ben] = [deskIn(root, 'Ada'), deskIn(root, 'Ben')];
    ada.say('<b>Hello</b>, Ben');
    const isTold = (seen: string[]): boolean => seen.includes('New comment: <b>Hello</b>, Ben');
    const told = async (): Promise<string[]> => ben.seen();
    await waitFor(told, isTold, { what: 'Ben to be told', ...PATIENCE });
    expect(ada.status()).toBe('Said.');
    expect(ada.seen().filter((seen) => seen.includes('Hello'))).toEqual([]);
    ada.say('x'.repeat(10_001));
    const status = async (): Promise<string> => ada.status();
    const isRefused = (text: string): boolean => text.startsWith('Refused (invalid-input)');
    await waitFor(status, isRefused, { what: 'Ada to be refused', ...PATIENCE });
  });
});

describe('the typed client, against the deployed functions', () => {
  test('says something once, however often the intent is sent', async () => {
    const [ada] = office.people;
    const intent = office.intentToSay('Once');
    const answers = await Promise.all([1, 2, 3].map(() => ada.client.send(intent)));
    expect(new Set(answers.map(({ commentId }) => commentId)).size).toBe(1);
  });

  test('is told by a code and a place what was wrong', async () => {
    const [ada] = office.people;
    const input = { orgId: 'nowhere', matterId: '/', body: '' };
    const error = (await ada.client
      .call('addComment', input)
      .catch((thrown: unknown) => thrown)) as CallError;
    expect([error.code, error.problems.map(({ path }) => path)]).toEqual([
      'invalid-input',
      ['matterId', 'body'],
    ]);
  });
});

describe('what answers another origin', () => {
  const preflight = (name: string): Promise<Response> =>
    fetch(stack.functionUrl(name), {
      method: 'OPTIONS',
      headers: {
        origin: new URL(page).origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });

  test('is every callable, so that the page may be anywhere', async () => {
    const { status, headers } = await preflight('addComment');
    expect([status, headers.get('access-control-allow-origin')]).toEqual([
      204,
      new URL(page).origin,
    ]);
    expect(headers.get('access-control-allow-headers')).toContain('authorization');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });

  test('needs not be the API, which is under the page’s own', async () => {
    const contract = JSON.parse(await textOf(new URL('/v1/openapi.json', page).href)) as object;
    expect(contract).toMatchObject({ openapi: '3.1.0' });
  });
});
