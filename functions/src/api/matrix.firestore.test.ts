import { beforeAll, describe, expect, test } from '@jest/globals';
import { backend, firestore } from '../composition/testing/backend.ts';
import { effectsOf } from '../composition/testing/effects.ts';
import type { World } from '../composition/testing/world.ts';
import { aWorld } from '../composition/testing/world.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { ROUTES } from './routes.ts';
import type { Ask, Asked } from './testing/api.ts';
import { openApi } from './testing/api.ts';

/** `none` has no token; zoe is an admin elsewhere; eve is a member outside the matter that ben is in. */
const PEOPLE = ['none', 'expired', 'zoe', 'eve', 'ben', 'ada', 'pia', 'ops'];

const EXPECTED = `
                 none  expired  zoe  eve  ben  ada  pia  ops
postEvents       401   401      403  403  403  403  201  403
listEvents       401   401      403  404  200  200  403  200
getEvent         401   401      403  404  200  200  403  200
listJobsOfEvent  401   401      403  403  403  200  403  200
getCausation     401   401      403  404  200  200  403  200
getStream        401   401      403  404  200  200  403  200
getTimeline      401   401      403  404  200  200  403  200
listSchemas      401   401      403  200  200  200  200  200
getSchema        401   401      403  200  200  200  200  200
registerSchema   401   401      403  403  403  201  403  403
getStatistics    401   401      403  403  403  200  403  200
`;

type Call = readonly [method: string, path: string, asked?: Asked];

const schema = { type: 'object' };
const own = { type: 'custom.counted', description: 'Somebody counted.', schema };
const event = { eventType: 'custom.counted', entityType: 'counter', entityId: 'c1', payload: {} };

/** A call of each route that is right in all but who makes it. */
const calls: Readonly<Record<string, (world: World, eventId: string) => Call>> = {
  postEvents: () => ['POST', '/v1/events', { body: event }],
  listEvents: ({ matterId }) => ['GET', `/v1/events?matterId=${matterId}`],
  getEvent: (_, eventId) => ['GET', `/v1/events/${eventId}`],
  listJobsOfEvent: (_, eventId) => ['GET', `/v1/events/${eventId}/jobs`],
  getCausation: (_, eventId) => ['GET', `/v1/events/${eventId}/causation`],
  getStream: ({ commentId }) => ['GET', `/v1/streams/comment/${commentId}`],
  getTimeline: ({ matterId }) => ['GET', `/v1/timelines/matter/${matterId}`],
  listSchemas: () => ['GET', '/v1/schemas'],
  getSchema: () => ['GET', '/v1/schemas/custom.counted'],
  registerSchema: () => ['POST', '/v1/schemas', { body: { ...own, type: 'custom.more' } }],
  getStatistics: () => ['GET', '/v1/statistics'],
};

const [head = '', ...lines] = EXPECTED.trim().split('\n');
const cells = lines.flatMap((line) => {
  const [operationId = '', ...statuses] = line.trim().split(/\s+/);
  return PEOPLE.map((person, index) => [operationId, person, Number(statuses[index])] as const);
});

let world: World;
let ask: Ask;
let eventId: string;

beforeAll(async () => {
  await clearFirestore(firestore);
  world = await aWorld();
  ask = await openApi(world);
  const { orgId, matterId } = world;
  await backend.customTypes.register(orgId, own, { actorType: 'user', actorId: 'ada' });
  const page = await backend.events.list({ orgId, matterId, limit: 1 });
  eventId = page.events[0]!.eventId;
});

async function unwatched<T>(act: () => Promise<T>) {
  return { written: new Map<string, unknown>(), answer: await act() };
}

describe('the matrix of who may what', () => {
  test('has every route, and every person', () => {
    expect(head.trim().split(/\s+/)).toEqual(PEOPLE);
    const inTable = [...new Set(cells.map(([operationId]) => operationId))];
    expect(inTable).toEqual(ROUTES.map(({ operationId }) => operationId));
    expect(Object.keys(calls)).toEqual(inTable);
  });

  test.each(cells)('%s by %s: %i', async (operationId, person, status) => {
    const [method, path, asked] = calls[operationId]!(world, eventId);
    const as = person === 'none' ? undefined : person;
    const act = () => ask(method, path, { ...asked, as });
    // What only reads has nothing to write with.
    const { written, answer } = await (method === 'GET' ? unwatched(act) : effectsOf(act));
    expect(answer.status).toBe(status);
    expect(written.size > 0).toBe(status === 201);
    // A stranger is told nothing else where there is no such organization at all.
    if (person !== 'zoe') return;
    const nowhere = await ask(method, path, { ...asked, as, orgId: 'nowhere' });
    expect(nowhere.body).toEqual(answer.body);
  });
});
