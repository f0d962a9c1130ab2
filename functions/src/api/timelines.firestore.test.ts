import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as commands from '../composition/commands.ts';
import { backend, call, firestore } from '../composition/testing/backend.ts';
import type { World } from '../composition/testing/world.ts';
import { aWorld } from '../composition/testing/world.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { measure } from '../kernel/testing/meter.ts';
import type { Answered, Ask } from './testing/api.ts';
import { openApi } from './testing/api.ts';
import { addEventsLike } from './testing/many-events.ts';

let world: World;
let ask: Ask;
let evesMatterId: string;
let made = 0;
/** A product of each test's own; another product is its child. */
let parent: string;

beforeAll(async () => {
  await clearFirestore(firestore);
  world = await aWorld();
  ask = await openApi(world);
  const { orgId } = world;
  const { matterId } = await call(commands.createMatter, 'eve', { orgId, title: 'Eve’s' });
  evesMatterId = String(matterId);
});

beforeEach(() => {
  parent = `parent${(made += 1)}`;
});

function happen(entityId: string, said: object = {}): Promise<string> {
  const about = {
    orgId: world.orgId,
    eventType: 'product.deleted',
    entityType: 'product',
    entityId,
  };
  const actor = { actorType: 'service', actorId: 'shop' };
  return backend
    .emit({ ...about, actor, payload: {}, ...said } as never)
    .then(({ eventId }) => eventId);
}

const child = (said: object = {}) => happen('child', { related: [`product:${parent}`], ...said });
const timeline = (query = '', as = 'ada', entity = `product/${parent}`): Promise<Answered> =>
  ask('GET', `/v1/timelines/${entity}${query}`, { as });
const idsIn = ({ body }: Answered): string[] => body.events.map(({ eventId }) => eventId);

/** All pages, each after another event was written. */
async function allPages(limit: number, as: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor = '';
  do {
    const page = await timeline(`?limit=${limit}${cursor}`, as);
    ids.push(...idsIn(page));
    cursor = page.body.nextCursor === undefined ? '' : `&cursor=${page.body.nextCursor}`;
    await child({ matterId: world.matterId });
  } while (cursor !== '');
  return ids;
}

describe('a timeline', () => {
  test('has an entity’s events and its children’s, newest first, and nobody else’s', async () => {
    const first = await happen(parent);
    const second = await child();
    await happen('stranger');
    const third = await happen(parent);
    expect(idsIn(await timeline())).toEqual([third, second, first]);
    expect(idsIn(await timeline('', 'ada', 'product/unheard_of'))).toEqual([]);
  });

  test('of a matter has what happened in it, invoices and comments too', async () => {
    const { matterId } = world;
    const { body } = await timeline('', 'ben', `matter/${matterId}`);
    const types = body.events.map(({ eventType }) => eventType);
    const some = ['matter.created', 'comment.added', 'invoice.created', 'invoice.sent'];
    expect(types).toEqual(expect.arrayContaining(some));
  });

  test('loses and repeats nothing between pages while events are being written', async () => {
    const ids = [];
    for (let n = 0; n < 7; n += 1) ids.push(await child({ matterId: world.matterId }));
    ids.push(await happen(parent, { matterId: world.matterId }));
    expect(await allPages(3, 'ada')).toEqual(ids.toReversed());
    // What came meanwhile is there for who begins anew, member or not.
    const now = idsIn(await timeline('?limit=200'));
    expect(now.length).toBeGreaterThan(ids.length);
    expect(await allPages(4, 'ben')).toEqual(now);
  });

  test('is of a time, too', async () => {
    await happen(parent);
    const at = (await timeline()).body.events[0]!.recordedAt;
    expect(idsIn(await timeline(`?from=${at}`))).toHaveLength(1);
    expect(idsIn(await timeline(`?to=${at}`))).toEqual([]);
  });
});

describe('a member’s timeline', () => {
  test('has of the entity’s matter all, and of other matters and of none nothing', async () => {
    const { matterId } = world;
    const own = await happen(parent, { matterId });
    await child({ matterId: evesMatterId });
    await child();
    const second = await child({ matterId });
    expect(idsIn(await timeline('', 'ben'))).toEqual([second, own]);
    expect((await timeline('', 'ben')).body.nextCursor).toBeUndefined();
    // A page of two is full: nothing tells of what was between them.
    expect(idsIn(await timeline('?limit=2', 'ben'))).toEqual([second, own]);
    expect((await timeline('', 'eve')).status).toBe(404);
    expect(idsIn(await timeline('')).length).toBe(4);
  });

  test('of what is in no matter is of the matter that they name', async () => {
    const { matterId } = world;
    await happen(parent);
    const bens = await child({ matterId });
    const eves = await child({ matterId: evesMatterId });
    expect((await timeline('', 'ben')).status).toBe(404);
    expect(idsIn(await timeline(`?matterId=${matterId}`, 'ben'))).toEqual([bens]);
    expect(idsIn(await timeline(`?matterId=${evesMatterId}`, 'eve'))).toEqual([eves]);
    expect((await timeline(`?matterId=${evesMatterId}`, 'ben')).status).toBe(404);
  });

  test('cannot be had with another’s cursor', async () => {
    const { matterId } = world;
    for (let n = 0; n < 2; n += 1) await happen(parent, { matterId });
    const { nextCursor } = (await timeline('?limit=1')).body;
    const { status, body } = await timeline(`?limit=1&cursor=${nextCursor}`, 'ben');
    expect([status, body.code]).toEqual([400, 'bad-cursor']);
  });

  test('costs its page, the membership, and what says whose the entity is', async () => {
    const { matterId } = world;
    for (let n = 0; n < 5; n += 1) await happen(parent, { matterId });
    const cost = (as: string, query: string) =>
      measure(firestore, () => timeline(`?limit=3${query}`, as));
    expect(await cost('ada', '')).toEqual({ reads: 1 + 3, writes: 0, deletes: 0 });
    expect(await cost('ben', `&matterId=${matterId}`)).toMatchObject({ reads: 2 + 3 });
    // Its newest event, and a look for a stream that it does not have.
    expect(await cost('ben', '')).toMatchObject({ reads: 4 + 3 });
    for (let n = 0; n < 20; n += 1) await child({ matterId });
    expect(await cost('ben', '')).toMatchObject({ reads: 4 + 3 });
  });
});

test('a page of 50 costs the same over 2,000 events of the tenant as over 100', async () => {
  const cost = () => measure(firestore, () => timeline());
  const eventId = await happen(parent);
  await addEventsLike(firestore, eventId, { from: 0, to: 100 });
  const overFew = await cost();
  expect(overFew).toEqual({ reads: 1 + 50, writes: 0, deletes: 0 });
  await addEventsLike(firestore, eventId, { from: 100, to: 2_000 });
  expect(await cost()).toEqual(overFew);
});
