import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { GoogleStub } from '../testing/google-stub.ts';
import { aRefusal, startGoogleStub } from '../testing/google-stub.ts';

const question = {
  host: 'things.googleapis.com',
  path: '/v1/things?filter=a%20OR%20b',
  role: 'roles/things.viewer',
  items: 'things',
  schema: z.object({ name: z.string() }),
};
const noSignal = new AbortController().signal;

let stub: GoogleStub;

beforeAll(async () => {
  stub = await startGoogleStub();
});
afterAll(() => stub.close());
beforeEach(() => {
  stub.asked.splice(0);
});

const list = () => stub.google.list(question, noSignal);

describe('a list', () => {
  test('is read page by page, as the service account', async () => {
    stub.answers = {
      '/v1/things': { things: [{ name: 'a', more: 1 }], nextPageToken: 't2' },
      // A page may be empty, and not the last.
      '/v1/things#t2': { nextPageToken: 't3' },
      '/v1/things#t3': { things: [{ name: 'b' }], nextPageToken: '' },
    };
    expect(await list()).toEqual({ kind: 'seen', facts: [{ name: 'a' }, { name: 'b' }] });
    expect(stub.asked).toEqual([
      'things.googleapis.com/v1/things Bearer token1',
      'things.googleapis.com/v1/things#t2 Bearer token1',
      'things.googleapis.com/v1/things#t3 Bearer token1',
    ]);
  });

  test('that is empty has no field of its items', async () => {
    stub.answers = { '/v1/things': {} };
    expect(await list()).toEqual({ kind: 'seen', facts: [] });
  });

  test('without an end is given up', async () => {
    const again = { things: [{ name: 'a' }], nextPageToken: 't' };
    stub.answers = { '/v1/things': again, '/v1/things#t': again };
    expect(await list()).toMatchObject({ kind: 'unseen', why: expect.stringContaining('end') });
    expect(stub.asked).toHaveLength(50);
  });

  test('of which a later page is refused was not seen', async () => {
    stub.answers = {
      '/v1/things': { things: [{ name: 'a' }], nextPageToken: 't2' },
      '/v1/things#t2': aRefusal(403, 'PERMISSION_DENIED'),
    };
    expect(await list()).toMatchObject({ kind: 'unseen' });
  });
});

describe('a refusal', () => {
  test.each([
    [
      'for want of a role',
      aRefusal(403, 'PERMISSION_DENIED', 'IAM_PERMISSION_DENIED'),
      'things.googleapis.com answered 403, PERMISSION_DENIED, IAM_PERMISSION_DENIED.',
      /the role roles\/things\.viewer/,
    ],
    [
      'because nobody enabled the API',
      aRefusal(403, 'PERMISSION_DENIED', 'SERVICE_DISABLED'),
      'things.googleapis.com answered 403, PERMISSION_DENIED, SERVICE_DISABLED.',
      /gcloud services enable things\.googleapis\.com/,
    ],
    [
      'of a list that is not there',
      [404, {}] as const,
      'things.googleapis.com answered 404.',
      /project/,
    ],
    [
      'by a server in trouble',
      [500, '<html>'] as const,
      'things.googleapis.com answered 500.',
      /again/,
    ],
    [
      'by something that is no such API',
      { things: [{ id: 1 }] },
      'things.googleapis.com answered something that is not as documented.',
      /report it/,
    ],
    [
      'by a page that is no JSON',
      [200, '<html>'] as const,
      'things.googleapis.com answered something that is not as documented.',
      /report it/,
    ],
  ])('%s says so by codes, and what would help', async (_, answer, why, whatToDo) => {
    stub.answers = { '/v1/things': answer };
    const unseen = await list();
    expect(unseen).toEqual({ kind: 'unseen', why, whatToDo: expect.stringMatching(whatToDo) });
  });
});

test('one resource that is not there is an answer', async () => {
  stub.answers = { '/v1/things': { name: 'a' } };
  expect(await stub.google.get(question, noSignal)).toEqual({ kind: 'seen', facts: { name: 'a' } });
  stub.answers = {};
  expect(await stub.google.get(question, noSignal)).toEqual({ kind: 'seen', facts: undefined });
});

test('a call that nobody waits for any more is ended', async () => {
  stub.answers = { '/v1/things': 'never' };
  const late = new AbortController();
  const asked = stub.google.list(question, late.signal);
  late.abort();
  await expect(asked).rejects.toThrow(/abort/i);
});
