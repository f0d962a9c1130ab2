import { beforeAll, expect, test } from '@jest/globals';
import type { TimePosition } from '#kernel';
import { backend, firestore } from '../composition/testing/backend.ts';
import type { World } from '../composition/testing/world.ts';
import { aWorld } from '../composition/testing/world.ts';
import { encodeCursor } from '../events/queries/cursor.ts';
import { planQuery } from '../events/queries/event-query.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import type { Ask } from './testing/api.ts';
import { openApi } from './testing/api.ts';

let world: World;
let ask: Ask;

beforeAll(async () => {
  await clearFirestore(firestore);
  world = await aWorld();
  ask = await openApi(world);
});

const from = new Date('2020-01-01T00:00:00.000Z');
const to = new Date('2100-01-01T00:00:00.000Z');

/** Asks for ben's matter with a cursor that he has made himself: how it is made is no secret. */
async function askFrom(position: TimePosition) {
  const { orgId, matterId } = world;
  const query = planQuery({ orgId, matterId, from, to }, (name) => name);
  const range = `from=${from.toISOString()}&to=${to.toISOString()}`;
  const cursor = encodeCursor(query, position);
  const path = `/v1/events?matterId=${matterId}&${range}&cursor=${cursor}&limit=200`;
  return ask('GET', path, { as: 'ben' });
}

const FIRST_SECOND = -62_135_596_800;
const LAST_SECOND = 253_402_300_799;

interface Position extends Partial<TimePosition> {
  readonly status: number;
}

test.each<[string, Position]>([
  ['after all', { seconds: LAST_SECOND, status: 200 }],
  ['before all', { seconds: FIRST_SECOND, status: 200 }],
  ['at an event of another tenant', { seconds: LAST_SECOND, id: 'foreign', status: 200 }],
  ['at a path', { id: 'a/b', status: 400 }],
  ['at another collection', { id: '../outbox/x', status: 400 }],
  ['at a dot', { id: '.', status: 400 }],
  ['at a reserved id', { id: '__x__', status: 400 }],
  ['at half a character', { id: '\uD800', status: 400 }],
  ['at the longest id', { id: 'é'.repeat(750), status: 200 }],
  ['at a longer id', { id: 'é'.repeat(751), status: 400 }],
])('a forged cursor %s shows nothing that the query does not', async (_, { status, ...said }) => {
  const { orgId, otherOrgId, matterId } = world;
  const foreign = (await backend.events.list({ orgId: otherOrgId, limit: 1 })).events[0]!.eventId;
  const id = said.id === 'foreign' ? foreign : (said.id ?? 'x');
  const answer = await askFrom({ seconds: LAST_SECOND, nanoseconds: 0, ...said, id });
  expect(answer.status).toBe(status);
  const all = await backend.events.list({ orgId, matterId, limit: 200 });
  const ids = new Set(all.events.map(({ eventId }) => eventId));
  const shown = status === 200 ? answer.body.events : [];
  expect(shown.filter(({ eventId }) => !ids.has(eventId))).toEqual([]);
  expect(shown.length > 0).toBe(status === 200 && said.seconds !== FIRST_SECOND);
});
