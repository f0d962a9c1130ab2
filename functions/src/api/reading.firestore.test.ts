import { beforeAll, describe, expect, test } from '@jest/globals';
import { backend, call, firestore } from '../composition/testing/backend.ts';
import * as commands from '../composition/commands.ts';
import type { FirestoreEmitOptions } from '#events/firestore';
import type { World } from '../composition/testing/world.ts';
import { aWorld } from '../composition/testing/world.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { measure } from '../kernel/testing/meter.ts';
import type { Answered, Ask, Asked } from './testing/api.ts';
import { openApi } from './testing/api.ts';

let world: World;
let ask: Ask;

/** Eve's matter, which ben is not in. */
let evesMatterId: string;

beforeAll(async () => {
  await clearFirestore(firestore);
  world = await aWorld();
  ask = await openApi(world);
  const { orgId } = world;
  const { matterId } = await call(commands.createMatter, 'eve', { orgId, title: 'Eve’s' });
  evesMatterId = String(matterId);
});

const get = (path: string, as = 'ada', asked: Asked = {}): Promise<Answered> =>
  ask('GET', path, { as, ...asked });
const typesIn = ({ body }: Answered): string[] => body.events.map(({ eventType }) => eventType);
const idsIn = ({ body }: Answered): string[] => body.events.map(({ eventId }) => eventId);

/** Emits something about an entity, in a matter or none. */
async function emit(said: object, options: FirestoreEmitOptions = {}): Promise<string> {
  const { orgId } = world;
  const input = {
    orgId,
    eventType: 'product.deleted',
    entityType: 'product',
    entityId: 'p1',
    actor: { actorType: 'service', actorId: 'shop' },
    payload: {},
    ...said,
  };
  return (await backend.emit(input as never, options)).eventId;
}

describe('one event', () => {
  let eventId: string;

  beforeAll(async () => {
    const { orgId, matterId } = world;
    const { events } = await backend.events.list({ orgId, matterId, limit: 1 });
    eventId = events[0]!.eventId;
  });

  test('is shown whole to admins, and to members without where it came from', async () => {
    const whole = await get(`/v1/events/${eventId}`);
    const stored = await backend.events.get({ orgId: world.orgId, eventId });
    expect(whole.body).toEqual(JSON.parse(JSON.stringify(stored)));
    expect(whole.body.metadata.ipAddress).toBe('203.0.113.7');
    const { ipAddress: _, userAgent: __, ...metadata } = whole.body.metadata;
    const shown = await get(`/v1/events/${eventId}`, 'ben');
    expect(shown.body).toEqual({ ...whole.body, metadata });
    expect(shown.headers.get('etag')).not.toBe(whole.headers.get('etag'));
  });

  test('is not sent again to who has it, and only to who may see it', async () => {
    const etag = (await get(`/v1/events/${eventId}`, 'ben')).headers.get('etag')!;
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = { headers: { 'if-none-match': known } };
      expect((await get(`/v1/events/${eventId}`, 'ben', again)).status).toBe(304);
      expect((await get(`/v1/events/${eventId}`, 'eve', again)).status).toBe(404);
    }
    const other = { headers: { 'if-none-match': '"x"' } };
    expect((await get(`/v1/events/${eventId}`, 'ben', other)).status).toBe(200);
  });

  test('of another tenant, of another matter and of none are not there alike', async () => {
    const foreign = await backend.events.list({ orgId: world.otherOrgId, limit: 1 });
    const ids = [
      foreign.events[0]!.eventId,
      await emit({ matterId: evesMatterId }),
      await emit({}),
      'x',
    ];
    const bodies = await Promise.all(
      ids.map(async (id) => (await get(`/v1/events/${id}`, 'ben')).body),
    );
    expect(bodies.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
  });

  test('has its jobs, for who looks after the organization', async () => {
    const { body } = await get(`/v1/events/${eventId}/jobs`);
    const { jobTypes } = (await get(`/v1/events/${eventId}`)).body;
    const job = (jobType: string) =>
      expect.objectContaining({ jobType, status: 'pending', attempts: 0, redrives: 0 });
    expect(jobTypes).toContain('notif');
    expect(body).toEqual({ truncated: false, jobs: jobTypes.toSorted().map(job) });
    const { otherOrgId } = world;
    const foreign = await backend.events.list({ orgId: otherOrgId, eventType: 'user.joined' });
    const theirs = `/v1/events/${foreign.events[0]!.eventId}/jobs`;
    expect((await get(theirs)).status).toBe(404);
    expect((await get(theirs, 'zoe', { orgId: otherOrgId })).status).toBe(200);
  });
});

describe('a list', () => {
  test('takes the names of both requirements, and not both of them at once', async () => {
    const { commentId } = world;
    const ours = await get(`/v1/events?entityType=comment&entityId=${commentId}`);
    const theirs = await get(`/v1/events?aggregateType=comment&aggregateId=${commentId}`);
    expect(typesIn(ours)).toEqual(['comment.added']);
    expect(theirs.body).toEqual(ours.body);
    const both = await get('/v1/events?entityType=comment&aggregateType=comment');
    expect([both.status, both.body.problems[0]!.path]).toEqual([400, 'aggregateType']);
  });

  test('goes on where its page ended, and only there', async () => {
    const all = idsIn(await get('/v1/events?limit=200'));
    const pages: string[] = [];
    let cursor = '';
    do {
      const page = await get(`/v1/events?limit=3${cursor}`);
      pages.push(...idsIn(page));
      cursor = page.body.nextCursor === undefined ? '' : `&cursor=${page.body.nextCursor}`;
      // Newer ones do not move what follows.
      await emit({});
    } while (cursor !== '');
    expect(pages).toEqual(all);
    const { nextCursor } = (await get('/v1/events?limit=3')).body;
    const elsewhere = await get(`/v1/events?eventType=user.joined&cursor=${nextCursor}`);
    expect([elsewhere.status, elsewhere.body.code]).toEqual([400, 'bad-cursor']);
    const abroad = await get(`/v1/events?cursor=${nextCursor}`, 'zoe', { orgId: world.otherOrgId });
    expect([abroad.status, abroad.body.code]).toEqual([400, 'bad-cursor']);
  });

  test('by a member names a matter or an entity that they may see', async () => {
    const { matterId, commentId } = world;
    expect((await get('/v1/events', 'ben')).status).toBe(403);
    expect((await get('/v1/events?eventType=comment.added', 'ben')).status).toBe(403);
    expect((await get('/v1/events?correlationId=by-ada', 'ben')).status).toBe(403);
    expect(typesIn(await get(`/v1/events?matterId=${matterId}`, 'ben'))).toContain('comment.added');
    expect((await get(`/v1/events?matterId=${evesMatterId}`, 'ben')).status).toBe(404);
    const comment = `/v1/events?entityType=comment&entityId=${commentId}`;
    expect(typesIn(await get(comment, 'ben'))).toEqual(['comment.added']);
    expect((await get(comment, 'eve')).status).toBe(404);
    expect((await get('/v1/events?entityType=comment&entityId=none', 'eve')).status).toBe(404);
  });

  test('of an entity that was elsewhere too has for a member what happened in its matter', async () => {
    const { matterId } = world;
    const about = { entityType: 'product', entityId: 'moved' };
    await emit({ ...about, matterId: evesMatterId });
    const bens = await emit({ ...about, matterId });
    const path = '/v1/events?entityType=product&entityId=moved';
    expect((await get(path)).body.events).toHaveLength(2);
    expect(idsIn(await get(path, 'ben'))).toEqual([bens]);
    expect(idsIn(await get(`${path}&matterId=${matterId}`, 'ben'))).toEqual([bens]);
    // Nothing is left out of a page: nothing tells of what else there was.
    expect((await get(`${path}&limit=2`, 'ben')).body.nextCursor).toBeUndefined();
    expect((await get(path, 'eve')).status).toBe(404);
  });

  test.each([
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=x', 'limit'],
    ['limit=1e2', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['from=yesterday', 'from'],
    ['entityId=a/b', 'entityId'],
    ['unheard=of', 'unheard'],
    ['__proto__=1', '__proto__'],
  ])('with %s is told so', async (query, path) => {
    const { status, body } = await get(`/v1/events?${query}`);
    expect([status, body.code, body.problems[0]!.path]).toEqual([400, 'invalid-input', path]);
  });

  test('for which there is no index is told which ones there are', async () => {
    const { status, body } = await get(`/v1/events?eventType=a.b&matterId=m`);
    expect([status, body.code]).toEqual([400, 'unsupported-query']);
    expect(body.detail).toContain('entityType + entityId');
  });
});

describe('a causation tree', () => {
  test('has of other matters nothing, for a member', async () => {
    const { matterId } = world;
    const metadata = { correlationId: 'shared' };
    const first = await emit({ matterId: evesMatterId, metadata });
    const second = await emit({ matterId, metadata: { ...metadata, causationId: first } });
    const third = await emit({ metadata: { ...metadata, causationId: second } });
    const whole = await get(`/v1/events/${second}/causation`);
    expect(whole.body).toMatchObject({
      path: [first, second],
      roots: [
        { event: { eventId: first }, effects: [{ effects: [{ event: { eventId: third } }] }] },
      ],
    });
    const bens = await get(`/v1/events/${second}/causation`, 'ben');
    expect(bens.body).toMatchObject({
      path: [second],
      roots: [{ event: { eventId: second }, causeMissing: true, effects: [] }],
    });
    expect((await get(`/v1/events/${first}/causation`, 'ben')).status).toBe(404);
  });
});

describe('a stream', () => {
  test('comes in the order of its versions, in parts', async () => {
    const { orgId } = world;
    const { matterId } = await call(commands.createMatter, 'ben', { orgId, title: 'Long' });
    const path = `/v1/streams/matter/${String(matterId)}`;
    const whole = await get(path, 'ben');
    expect(typesIn(whole)).toEqual(['matter.created']);
    expect(whole.body.nextFromVersion).toBeUndefined();
    await call(commands.addMatterMember, 'ben', { orgId, matterId, uid: 'cleo' });
    const first = await get(`${path}?limit=1`, 'ben');
    expect([typesIn(first), first.body.nextFromVersion]).toEqual([['matter.created'], 2]);
    const second = await get(`${path}?limit=1&fromVersion=2`, 'ben');
    expect(second.body.events[0]!.streamVersion).toBe(2);
    const end = await get(`${path}?fromVersion=999999999&limit=200`);
    expect(end.body).toEqual({ events: [] });
  });

  test('that was in another matter too is not a member’s, where it was', async () => {
    const about = { entityType: 'product', entityId: 'streamed' };
    for (const [expectedVersion, matterId] of [evesMatterId, world.matterId].entries()) {
      await firestore.runTransaction((transaction) =>
        emit({ ...about, matterId, stream: { expectedVersion } }, { transaction }),
      );
    }
    expect(idsIn(await get('/v1/streams/product/streamed'))).toHaveLength(2);
    expect((await get('/v1/streams/product/streamed', 'ben')).status).toBe(404);
    const later = await get('/v1/streams/product/streamed?fromVersion=2', 'ben');
    expect(idsIn(later)).toHaveLength(1);
    expect((await get('/v1/streams/product/streamed', 'eve')).status).toBe(404);
  });

  test('of an entity without one is not there', async () => {
    await emit({ entityId: 'plain' });
    expect((await get('/v1/streams/product/plain')).status).toBe(404);
    expect((await get('/v1/streams/product/none')).status).toBe(404);
  });
});

test('statistics count what there is', async () => {
  const { body } = await get('/v1/statistics', 'zoe', { orgId: world.otherOrgId });
  expect([body.total, body.others]).toEqual([1, 0]);
  expect(body.types).toContainEqual({ eventType: 'user.joined', count: 1 });
});

describe('what is not there', () => {
  test('is a path, which is told where the contract is', async () => {
    const { status, body } = await get('/v1/nothing');
    expect([status, body.detail]).toEqual([404, expect.stringContaining('/v1/openapi.json')]);
  });

  test('is a method, which is told the others', async () => {
    const { status, headers } = await ask('DELETE', '/v1/events', { as: 'ada' });
    expect([status, headers.get('allow')]).toEqual([405, 'POST, GET']);
  });

  test('is an organization where somebody belongs to several and names none', async () => {
    const { status, body } = await get('/v1/schemas', 'ops', { orgId: null });
    expect([status, body.problems[0]!.path]).toEqual([400, 'X-Org-Id']);
    expect((await get('/v1/schemas', 'ops', { orgId: 'a b' })).status).toBe(400);
  });
});

describe('an organization that is not named', () => {
  test('is the one that somebody belongs to', async () => {
    const asked = { orgId: null };
    const billed = await measure(firestore, async () => {
      expect((await get('/v1/schemas', 'ben', asked)).status).toBe(200);
    });
    // Its query, the membership, and the list of its own types.
    expect(billed.reads).toBe(3);
    expect((await get('/v1/schemas', 'joe', asked)).status).toBe(400);
    const { otherOrgId: orgId } = world;
    const ben = { uid: 'ben', email: 'ben@example.test', displayName: 'ben', role: 'member' };
    await call(commands.addMember, 'zoe', { orgId, ...ben });
    expect((await get('/v1/schemas', 'ben', asked)).status).toBe(400);
  });
});

test('claims that are none are no claims', async () => {
  expect((await get('/v1/schemas', 'bad')).status).toBe(403);
});

test('the last page of a member’s matter costs its page, the membership, the matter, and a look for an archive', async () => {
  const path = `/v1/timelines/matter/${world.matterId}`;
  const { body } = await get(path, 'ben');
  const billed = await measure(firestore, () => get(path, 'ben'));
  expect(billed).toEqual({ reads: 3 + body.events.length, writes: 0, deletes: 0 });
});
