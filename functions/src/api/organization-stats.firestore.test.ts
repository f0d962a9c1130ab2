import type { Duplex } from 'node:stream';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { encodeCursor, PLATFORM } from '#kernel';
import { firestore } from '../composition/testing/backend.ts';
import { aWorld } from '../composition/testing/world.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { measure } from '../kernel/testing/meter.ts';
import { openApi } from './testing/api.ts';
import { plantJob } from './testing/dead-letters.ts';
import type { OpsAnswer } from './testing/ops-answers.ts';
import { asOperator } from './testing/ops-answers.ts';

const NONE = { pending: 0, processing: 0, failed: 0 };

let get: (query?: string) => Promise<OpsAnswer>;

beforeAll(async () => {
  const ask = asOperator(await openApi(await aWorld()));
  get = (query = '') => ask('GET', `stats/organizations?${query}`);
});

beforeEach(() => clearFirestore(firestore));

async function found(...orgIds: readonly string[]): Promise<void> {
  for (const orgId of orgIds) await firestore.doc(`orgs/${orgId}`).set({ orgId, name: orgId });
}

/** The ids in each page, to the last. */
async function pagesOf(limit: number): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor = '';
  do {
    const { organizations, nextCursor } = await get(`limit=${limit}${cursor}`);
    pages.push(organizations.map(({ orgId }) => orgId));
    cursor = nextCursor === undefined ? '' : `&cursor=${nextCursor}`;
  } while (cursor !== '');
  return pages;
}

describe('the statistics by organization', () => {
  test('count what waits, runs and failed of each, and of the platform first', async () => {
    await found('b', 'a');
    await plantJob({ orgId: 'a' });
    await plantJob({ orgId: 'a', status: 'failed' });
    await plantJob({ orgId: 'a', status: 'failed', jobType: 'notif' });
    await plantJob({ orgId: 'a', status: 'sent' });
    await plantJob({ orgId: PLATFORM, status: 'processing' });
    const { organizations, nextCursor } = await get();
    expect(organizations).toEqual([
      { orgId: PLATFORM, ...NONE, processing: 1 },
      { orgId: 'a', ...NONE, pending: 1, failed: 2 },
      { orgId: 'b', ...NONE },
    ]);
    expect(nextCursor).toBeUndefined();
  });

  test('do not know an organization whose document is gone, whatever jobs it left', async () => {
    await plantJob({ orgId: 'gone' });
    await firestore.doc('orgs/gone/members/ada').set({ uid: 'ada' });
    expect(await pagesOf(50)).toEqual([[PLATFORM]]);
  });

  test.each([
    [1, [[PLATFORM], ['C'], ['a'], ['b'], []]],
    [2, [[PLATFORM, 'C'], ['a', 'b'], []]],
    [3, [[PLATFORM, 'C', 'a'], ['b']]],
    [4, [[PLATFORM, 'C', 'a', 'b']]],
  ])('are told %i to a page, each once', async (limit, pages) => {
    await found('a', 'b', 'C');
    expect(await pagesOf(limit)).toEqual(pages);
  });

  test.each([1, 2, 3, 4, 5])(
    'tell the platform once where it has a document, too: %i to a page',
    async (limit) => {
      await found('Z', PLATFORM, 'a', 'b');
      expect((await pagesOf(limit)).flat()).toEqual([PLATFORM, 'Z', 'a', 'b']);
    },
  );

  test('are of one moment, whatever happens while they are counted', async () => {
    await found('a', 'b');
    const isDone = afterTheFirstCount(async () => {
      await plantJob({ orgId: 'a', status: 'failed' });
      await plantJob({ orgId: 'b' });
    });
    const { organizations } = await get();
    await isDone;
    expect(organizations.slice(1)).toEqual([
      { orgId: 'a', ...NONE },
      { orgId: 'b', ...NONE },
    ]);
    expect((await get()).organizations.slice(1)).toEqual([
      { orgId: 'a', ...NONE, failed: 1 },
      { orgId: 'b', ...NONE, pending: 1 },
    ]);
  });

  test('cost a read for each organization and three for its counts, in every page', async () => {
    await found('a', 'b', 'c', 'd', 'e');
    const first = await get('limit=3');
    const readsOf = (query: string) => measure(firestore, () => get(query));
    const ofThree = { reads: 3 + 3 * 3, writes: 0, deletes: 0 };
    expect(await readsOf('limit=3')).toEqual(ofThree);
    expect(await readsOf(`limit=3&cursor=${first.nextCursor}`)).toEqual(ofThree);
    expect(await readsOf('')).toEqual({ ...ofThree, reads: 5 + 3 * 6 });
  });
});

describe('a page of them', () => {
  test('begins only where one of them ended', async () => {
    await found('a', 'b');
    const { nextCursor = '' } = await get('limit=2');
    const { organizations } = await get(`limit=200&cursor=${nextCursor}`);
    expect(organizations.map(({ orgId }) => orgId)).toEqual(['b']);
    for (const forged of [
      encodeCursor(['jobs'], ['a']),
      encodeCursor(['tenants'], ['a/b']),
      encodeCursor(['tenants'], ['__x__']),
      encodeCursor(['tenants'], [7]),
      `${nextCursor}A`,
    ]) {
      expect(await get(`cursor=${forged}`)).toMatchObject({ status: 400, code: 'bad-cursor' });
    }
  });

  test.each(['limit=0', 'limit=201', 'limit=x', 'orgId=a'])('is refused for %s', async (query) => {
    expect(await get(query)).toMatchObject({ status: 400, code: 'invalid-input' });
  });
});

/** Lets one count be answered, acts, and only then lets the others be asked. */
function afterTheFirstCount(act: () => Promise<void>): Promise<void> {
  const client = firestore as unknown as {
    requestStream: (method: string, ...rest: unknown[]) => Promise<Duplex>;
  };
  const requestStream = client.requestStream.bind(client);
  let isFirst = true;
  const { promise: isDone, resolve, reject } = Promise.withResolvers<void>();
  client.requestStream = async (method, ...rest) => {
    if (method !== 'runAggregationQuery') return requestStream(method, ...rest);
    if (!isFirst) {
      await isDone;
      return requestStream(method, ...rest);
    }
    isFirst = false;
    const stream = await requestStream(method, ...rest);
    // At last the class's own method shows again.
    const end = () => act().finally(() => Reflect.deleteProperty(client, 'requestStream'));
    stream.once('end', () => void end().then(resolve, reject));
    return stream;
  };
  return isDone;
}
