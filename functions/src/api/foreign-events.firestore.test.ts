import { beforeAll, describe, expect, test } from '@jest/globals';
import * as commands from '../composition/commands.ts';
import { backend, call, firestore } from '../composition/testing/backend.ts';
import type { World } from '../composition/testing/world.ts';
import { aWorld } from '../composition/testing/world.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { measure } from '../kernel/testing/meter.ts';
import type { Answered, Ask } from './testing/api.ts';
import { openApi } from './testing/api.ts';

let world: World;
let ask: Ask;
let evesMatterId: string;

/** Entities of ben's matter that have streams, with heads of all kinds: beside the matter, in it, and nowhere. */
let entities: Readonly<Record<string, readonly [entityType: string, entityId: string]>>;

/** Says something of an entity as other systems do: in no stream, and in a matter or none. */
async function say([entityType, entityId]: readonly [string, string], matterId?: string) {
  const actor = { actorType: 'service', actorId: 'shop' };
  const about = { orgId: world.orgId, eventType: 'product.deleted', entityType, entityId, actor };
  const matter = matterId === undefined ? {} : { matterId };
  return (await backend.emit({ ...about, ...matter, payload: {} } as never)).eventId;
}

beforeAll(async () => {
  await clearFirestore(firestore);
  world = await aWorld();
  ask = await openApi(world);
  const { orgId, matterId, commentId, sentInvoiceId } = world;
  const eves = await call(commands.createMatter, 'eve', { orgId, title: 'Eve’s' });
  evesMatterId = String(eves['matterId']);
  const actor = { actorType: 'service', actorId: 'shop' } as const;
  const product = { orgId, entityType: 'product', entityId: 'p1', matterId, actor };
  const stream = { expectedVersion: 0 };
  await firestore.runTransaction((transaction) =>
    backend.emit({ ...product, eventType: 'product.deleted', payload: {}, stream } as never, {
      transaction,
    }),
  );
  entities = {
    invoice: ['invoice', sentInvoiceId],
    comment: ['comment', commentId],
    product: ['product', 'p1'],
  };
});

const ROUTES: Readonly<Record<string, (type: string, id: string) => string>> = {
  stream: (type, id) => `/v1/streams/${type}/${id}`,
  timeline: (type, id) => `/v1/timelines/${type}/${id}`,
  list: (type, id) => `/v1/events?entityType=${type}&entityId=${id}`,
};

const idsIn = ({ body }: Answered): string[] => body.events.map(({ eventId }) => eventId);
const cases = ['invoice', 'comment', 'product'].flatMap((name) =>
  Object.keys(ROUTES).flatMap((route) =>
    ['none', 'another', 'the same'].map((matter) => [route, name, matter] as const),
  ),
);

describe('what others say of an entity hides and opens nothing', () => {
  test.each(cases)('%s of a %s, said in %s matter', async (route, name, matter) => {
    const [type, id] = entities[name]!;
    const path = ROUTES[route]!(type, id);
    const before = idsIn(await ask('GET', path, { as: 'ben' }));
    expect(before.length).toBeGreaterThan(0);
    const inMatter = { none: undefined, another: evesMatterId, 'the same': world.matterId };
    const foreign = await say([type, id], inMatter[matter as keyof typeof inMatter]);
    const isShown = matter === 'the same' && route !== 'stream';
    expect(idsIn(await ask('GET', path, { as: 'ben' }))).toEqual(
      isShown ? [foreign, ...before] : before,
    );
    expect((await ask('GET', path, { as: 'eve' })).status).toBe(404);
    const adas = idsIn(await ask('GET', path, { as: 'ada' }));
    expect(adas).toEqual(expect.arrayContaining(before));
    expect(adas.includes(foreign)).toBe(route !== 'stream');
  });

  test('of an entity in no matter neither', async () => {
    const client = ['client', world.clientId] as const;
    await say(client, evesMatterId);
    for (const route of Object.values(ROUTES)) {
      expect((await ask('GET', route(...client), { as: 'eve' })).status).toBe(404);
      expect((await ask('GET', route(...client), { as: 'ada' })).status).toBe(200);
    }
  });
});

test('whose an entity is takes one read by its own event, four by a foreign one, and two without a stream', async () => {
  const { orgId, matterId } = world;
  const created = await call(commands.createMatter, 'ben', { orgId, title: 'Costs' });
  const own = ['matter', String(created['matterId'])] as const;
  const cost = async (entity: readonly [string, string]) => {
    const path = ROUTES['list']!(...entity);
    const { length } = idsIn(await ask('GET', path, { as: 'ben' }));
    const { reads } = await measure(firestore, () => ask('GET', path, { as: 'ben' }));
    // Besides the page, the membership, and the membership in the matter.
    return reads - length - 2;
  };
  expect(await cost(own)).toBe(1);
  await say(own, evesMatterId);
  expect(await cost(own)).toBe(4);
  await say(['product', 'plain'], matterId);
  expect(await cost(['product', 'plain'])).toBe(2);
});
