import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { backend, firestore } from '../composition/testing/backend.ts';
import { effectsOf, inCollection } from '../composition/testing/effects.ts';
import type { World } from '../composition/testing/world.ts';
import { aWorld } from '../composition/testing/world.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { measure } from '../kernel/testing/meter.ts';
import type { Ask, Text } from './testing/api.ts';
import { openApi } from './testing/api.ts';

let world: World;
let ask: Ask;

beforeAll(async () => {
  await clearFirestore(firestore);
  world = await aWorld();
  ask = await openApi(world);
});

beforeEach(async () => {
  const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
  const type = { type: 'custom.counted', description: 'Somebody counted.', schema };
  await backend.customTypes.register(world.orgId, type, { actorType: 'user', actorId: 'ada' });
});

const counted = (n: number, said: object = {}) => ({
  eventType: 'custom.counted',
  entityType: 'counter',
  entityId: 'c1',
  payload: { n },
  ...said,
});
const post = (body: unknown, headers: Record<string, string> = {}) =>
  ask('POST', '/v1/events', { as: 'pia', body, headers });

describe('a producer', () => {
  test('records an event, which says who said it, why, and from where', async () => {
    const occurredAt = '2030-01-01T00:00:00.000Z';
    const said = counted(1, { matterId: world.matterId, related: ['shop:s1'], occurredAt });
    const headers = { 'user-agent': 'shop/1' };
    const { written, answer } = await effectsOf(() => post(said, headers));
    expect([answer.status, answer.headers.get('x-correlation-id')]).toEqual([201, 'request-1']);
    const { eventId, jobIds, duplicate } = answer.body.results[0]!;
    expect([jobIds, duplicate]).toEqual([[`notif:${world.orgId}:${eventId}`], false]);
    const event = await backend.events.get({ orgId: world.orgId, eventId });
    expect(event).toMatchObject({
      ...said,
      occurredAt: new Date(occurredAt),
      related: ['counter:c1', `matter:${world.matterId}`, 'shop:s1'],
      orgId: world.orgId,
      actor: { actorType: 'service', actorId: 'pia' },
      metadata: {
        correlationId: 'request-1',
        sourceService: 'api:pia',
        ipAddress: '203.0.113.7',
        userAgent: 'shop/1',
      },
    });
    const paths = [`domain_events/${eventId}`, ...jobIds.map((id) => `outbox/${id}`)];
    expect(new Set(written.keys())).toEqual(new Set(paths));
  });

  test('records several, all or none, with an answer for each', async () => {
    const body = { events: [counted(1), counted(2)] };
    const { written, answer } = await effectsOf(() => post(body));
    expect([answer.status, answer.body.results.length]).toEqual([201, 2]);
    expect(Object.keys(inCollection(written, 'domain_events')).toSorted()).toEqual(
      answer.body.results.map(({ eventId }) => `domain_events/${eventId}`).toSorted(),
    );
    const bad = {
      events: [counted(1), counted(2, { payload: { n: 'x' } }), counted(3, { matterId: '/' })],
    };
    const refused = await effectsOf(() => post(bad));
    expect(refused.written.size).toBe(0);
    expect(refused.answer.status).toBe(422);
    expect(refused.answer.body.problems.map(({ path }) => path)).toEqual(['events[2].matterId']);
    const inPayload = await post({ events: [counted(1), counted(2, { payload: { n: 'x' } })] });
    expect(inPayload.body).toMatchObject({
      code: 'invalid-event',
      problems: [{ path: 'events[1].payload.n' }],
    });
  });

  test('is answered the same under the same key, and nothing is written again', async () => {
    for (const body of [counted(7), { events: [counted(7), counted(8)] }]) {
      const key = { 'idempotency-key': `key-${JSON.stringify(body).length}` };
      const first = await post(body, key);
      const { written, answer } = await effectsOf(() => post(body, key));
      expect([first.status, answer.status, written.size]).toEqual([201, 200, 0]);
      const ids = ({ body: { results } }: typeof first) => results.map(({ eventId }) => eventId);
      expect(ids(answer)).toEqual(ids(first));
      expect(answer.body.results.every(({ duplicate }) => duplicate)).toBe(true);
    }
  });

  const [a, b, c] = [counted(1), counted(2), counted(3)];
  test.each<[string, unknown, unknown]>([
    ['another event', a, counted(9)],
    ['another event among several', { events: [a, b] }, { events: [a, c] }],
    ['one event more', { events: [a, b] }, { events: [a, b, c] }],
    ['one event less', { events: [a, b] }, { events: [a] }],
    ['the events in another order', { events: [a, b] }, { events: [b, a] }],
    ['the event in a list', a, { events: [a] }],
    ['the event out of its list', { events: [a] }, a],
    ['another parent', a, counted(1, { related: ['shop:s1'] })],
  ])('is refused %s under the same key, and nothing is written', async (name, first, second) => {
    const key = { 'idempotency-key': `one of ${name}` };
    expect((await post(first, key)).status).toBe(201);
    const { written, answer } = await effectsOf(() => post(second, key));
    expect([answer.status, answer.body.code]).toEqual([409, 'idempotency-key-reused']);
    expect(written.size).toBe(0);
  });

  test('is refused a key of the request beside those of its events, each with its place', async () => {
    const own = counted(1, { idempotencyKey: 'own' });
    const bodies = [own, { events: [counted(1), own] }];
    const paths = ['idempotencyKey', 'events[1].idempotencyKey'];
    for (const [index, body] of bodies.entries()) {
      const { written, answer } = await effectsOf(() => post(body, { 'idempotency-key': 'both' }));
      const { code, problems } = answer.body;
      expect([answer.status, code, written.size]).toEqual([400, 'invalid-input', 0]);
      expect(problems.map(({ path }) => path)).toEqual([paths[index]]);
    }
    const ids = [];
    for (const body of [own, { events: [own] }]) {
      ids.push((await post(body)).body.results[0]!.eventId);
    }
    expect(ids[1]).toBe(ids[0]);
  });

  test.each([
    ['a type that only this backend records', 'payment.received', 403],
    ['a type that is not this producer’s', 'product.created', 403],
    ['a type that nobody has', 'custom.unheard_of', 422],
  ])('is refused %s', async (_, eventType, status) => {
    const { written, answer } = await effectsOf(() => post(counted(1, { eventType })));
    expect([answer.status, written.size]).toEqual([status, 0]);
    expect(answer.body.problems).toEqual([{ path: 'eventType', message: expect.any(String) }]);
    const several = await post({ events: [counted(1), counted(1, { eventType })] });
    expect(several.body.problems[0]!.path).toBe('events[1].eventType');
  });

  test('may name its types by their aliases', async () => {
    const step = { eventType: 'AutomationStepQueued', payload: { step: 'ask_for_review' } };
    const { status, body } = await post(counted(1, step));
    expect(status).toBe(201);
    const { eventId } = body.results[0]!;
    const event = await backend.events.get({ orgId: world.orgId, eventId });
    expect(event?.eventType).toBe('automation.step_queued');
    const other = counted(1, { ...step, eventType: 'AutomationStepSucceeded' });
    expect((await post(other)).status).toBe(403);
  });

  test('says nothing as somebody else', async () => {
    const forged = counted(1, {
      actor: { actorType: 'user', actorId: 'ada' },
      orgId: world.otherOrgId,
    });
    const { status, body } = await post(forged);
    expect(status).toBe(422);
    expect(body.problems.map(({ path }) => path)).toEqual(['actor', 'orgId']);
    const elsewhere = { as: 'pia', orgId: world.otherOrgId, body: counted(1) };
    expect((await ask('POST', '/v1/events', elsewhere)).status).toBe(403);
  });

  test('need not name the one organization that the token names', async () => {
    const asked = { as: 'pia', orgId: null, body: counted(1) };
    expect((await ask('POST', '/v1/events', asked)).status).toBe(201);
  });
});

describe('a body', () => {
  const send = (text: Text, type = 'application/json') =>
    ask('POST', '/v1/events', { as: 'pia', text, headers: { 'content-type': type } });

  test.each<[string, Text, number]>([
    ['that is no JSON', '{"a":', 400],
    ['that is empty', ' ', 400],
    ['that is not UTF-8', new Uint8Array([34, 255, 34]), 400],
    ['over 6 MB', ' '.repeat(6 * 1024 * 1024 + 1), 413],
    ['that is a number', '1e400', 422],
    [
      'with an event over 256 KB',
      JSON.stringify(counted(1, { payload: { n: 1, x: 'x'.repeat(300_000) } })),
      413,
    ],
    ['of no events', '{"events":[]}', 422],
    [
      'of 101 events',
      JSON.stringify({ events: Array.from({ length: 101 }, () => counted(1)) }),
      422,
    ],
  ])('%s is refused', async (_, text, status) => {
    expect((await send(text)).status).toBe(status);
  });

  test('is not even read of who may not send it', async () => {
    const asked = { text: '{"a":', headers: { 'content-type': 'text/plain' } };
    expect((await ask('POST', '/v1/events', { ...asked, as: 'eve' })).status).toBe(403);
    expect((await ask('POST', '/v1/events', { ...asked, as: 'pia' })).status).toBe(415);
  });

  test('of another type is refused', async () => {
    expect((await send('a=1', 'application/x-www-form-urlencoded')).status).toBe(415);
    expect((await send('{}', 'application/jsonp')).status).toBe(415);
    const utf8 = 'application/json; charset=utf-8';
    expect((await send(JSON.stringify(counted(1)), utf8)).status).toBe(201);
  });
});

test('an event costs what emitting it costs, and no read', async () => {
  await post(counted(1));
  const billed = await measure(firestore, () => post(counted(2)));
  expect(billed).toEqual({ reads: 0, writes: 2, deletes: 0 });
});
