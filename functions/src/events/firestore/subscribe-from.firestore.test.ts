import { beforeEach, expect, test } from '@jest/globals';
import { initializeApp } from 'firebase-admin/app';
import { getFirestore, Timestamp } from 'firebase-admin/firestore';
import { MINUTE_MS } from '#kernel';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { measure } from '../../kernel/testing/meter.ts';
import type { CatchUp, CatchUpFrom } from '../log/subscribe-from.ts';
import { subscribeFrom } from '../log/subscribe-from.ts';
import { allOf } from '../testing/all-of.ts';
import { anInvoiceEvent, documentOf } from '../testing/stored-event.ts';
import { createReadLogPage } from './read-log.ts';

const firestore = getFirestore(initializeApp());
const readPage = createReadLogPage(firestore);
const LONG_AGO = 1_700_000_000;
const START = { seconds: LONG_AGO, nanoseconds: 0, id: 'a' };

beforeEach(() => clearFirestore(firestore));

async function record(eventId: string, timestamp: Timestamp, orgId = 'org1'): Promise<void> {
  const event = anInvoiceEvent({ eventId, orgId });
  await firestore.doc(`domain_events/${eventId}`).set(documentOf({ ...event, eventId }, timestamp));
}

async function pages(from: Partial<CatchUpFrom> = {}): Promise<CatchUp[]> {
  return allOf(subscribeFrom(readPage, { orgId: 'org1', ...from }));
}

const idsOf = (all: readonly CatchUp[]) =>
  all.map(({ events }) => events.map(({ event }) => event.eventId));

/** Seven events: to the microsecond, and several of one time. */
async function aLog(): Promise<string[]> {
  const at = (micros: number) => new Timestamp(LONG_AGO, micros * 1_000);
  for (const [id, micros] of [
    ['z', 1],
    ['c', 2],
    ['a', 2],
    ['b', 2],
    ['y', 3],
    ['d', 999_999],
    ['x', 4],
  ] as const) {
    await record(id, at(micros));
  }
  await record('foreign', at(2), 'org2');
  return ['z', 'a', 'b', 'c', 'y', 'x', 'd'];
}

test.each([1, 2, 3, 7, 100])('events come in order, %i at a time, none twice', async (pageSize) => {
  const order = await aLog();
  const all = idsOf(await pages({ pageSize }));
  expect(all.flat()).toEqual(order);
  expect(Math.max(...all.map((page) => page.length))).toBe(Math.min(pageSize, 7));
});

test('whoever kept a checkpoint, as text too, goes on after it', async () => {
  const order = await aLog();
  const [, second] = await pages({ pageSize: 2 });
  const checkpoint = JSON.parse(JSON.stringify(second!.checkpoint)) as CatchUp['checkpoint'];
  expect(idsOf(await pages({ checkpoint })).flat()).toEqual(order.slice(4));
  const { checkpoint: end } = (await pages()).at(-1)!;
  expect(await pages({ checkpoint: end })).toEqual([]);
});

test('what is younger than five minutes is left to the live subscription', async () => {
  const nowMs = (await firestore.doc('none/none').get()).readTime.toMillis();
  await record('old', Timestamp.fromMillis(nowMs - 6 * MINUTE_MS));
  await record('young', Timestamp.fromMillis(nowMs - 4 * MINUTE_MS));
  await record('new', Timestamp.fromMillis(nowMs));
  const all = await pages();
  expect(idsOf(all)).toEqual([['old']]);
  expect(all[0]!.checkpoint.id).toBe('old');
});

test('what is no event is passed over, and its place with it', async () => {
  const order = await aLog();
  const timestamp = new Timestamp(LONG_AGO, 2_500);
  await firestore.doc('domain_events/broken').set({ orgId: 'org1', timestamp });
  const all = await pages({ pageSize: 1 });
  expect(idsOf(all).flat()).toEqual(order);
  expect(all.map(({ checkpoint }) => checkpoint.id)).toContain('broken');
});

test('whoever has seen nothing but what is no event does not see it again', async () => {
  for (const id of ['a', 'b', 'c']) {
    const timestamp = new Timestamp(LONG_AGO, 0);
    await firestore.doc(`domain_events/${id}`).set({ orgId: 'org1', timestamp });
  }
  const all = await pages({ pageSize: 2 });
  expect(all.map(({ events, checkpoint }) => [events.length, checkpoint.id])).toEqual([
    [0, 'b'],
    [0, 'c'],
  ]);
  const { checkpoint } = all.at(-1)!;
  expect((await measure(firestore, () => pages({ checkpoint }))).reads).toBe(1);
});

test('an empty log is no page, and is read once', async () => {
  expect(await pages()).toEqual([]);
  expect((await measure(firestore, () => pages())).reads).toBe(1);
});

test('a page is read when it is asked for', async () => {
  await aLog();
  const from = subscribeFrom(readPage, { orgId: 'org1', pageSize: 2 });
  expect((await measure(firestore, () => from.next())).reads).toBe(2);
});

test.each<[string, object, string[]]>([
  ['no organization', { orgId: undefined }, ['orgId']],
  ['an organization that is none', { orgId: 'no/org' }, ['orgId']],
  [
    'a checkpoint without anything',
    { checkpoint: {} },
    ['seconds', 'nanoseconds', 'id'].map((field) => `checkpoint.${field}`),
  ],
  ['a text for a time', { checkpoint: { ...START, seconds: '1' } }, ['checkpoint.seconds']],
  ['a time past all', { checkpoint: { ...START, seconds: 1e12 } }, ['checkpoint.seconds']],
  [
    'too many nanoseconds',
    { checkpoint: { ...START, nanoseconds: 1e9 } },
    ['checkpoint.nanoseconds'],
  ],
  ['a path for an id', { checkpoint: { ...START, id: 'a/b' } }, ['checkpoint.id']],
  ['no id at all', { checkpoint: { ...START, id: '' } }, ['checkpoint.id']],
])('%s is refused, and nothing is read', async (_, from, paths) => {
  const billed = await measure(firestore, () =>
    expect(pages(from)).rejects.toMatchObject({
      code: 'invalid-input',
      problems: paths.map((path) => ({ path })),
    }),
  );
  expect(billed.reads).toBe(0);
});

test.each([0, -1, 1.5, 1_001])('a page of %p is refused, and nothing is read', async (pageSize) => {
  const billed = await measure(firestore, () =>
    expect(pages({ pageSize })).rejects.toMatchObject({ problems: [{ path: 'pageSize' }] }),
  );
  expect(billed.reads).toBe(0);
});
