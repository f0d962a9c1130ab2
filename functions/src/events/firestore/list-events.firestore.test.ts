import { beforeEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { measure } from '../../kernel/testing/meter.ts';
import type { EventPage } from '../queries/event-page.ts';
import type { EventQuery } from '../queries/event-query.ts';
import { testCatalog } from '../testing/catalog.ts';
import { codedErrorOf, pathsOf } from '../testing/failure.ts';
import { firestore } from '../testing/firestore-log.ts';
import type { PlantedEvent } from '../testing/planted-events.ts';
import { plantEvents } from '../testing/planted-events.ts';
import { createEventQueries } from './event-queries.ts';

const { list, get } = createEventQueries(firestore, testCatalog);
const NEW_YEAR_MICROS = 1_893_456_000_000_000;
const atMs = (ms: number) => new Date(NEW_YEAR_MICROS / 1_000 + ms);

beforeEach(() => clearFirestore(firestore));

/** Events with these ids, a millisecond after one another. */
function plant(...said: readonly (Partial<PlantedEvent> & { readonly id: string })[]) {
  const events = said.map((one, index) => ({ atMicros: NEW_YEAR_MICROS + index * 1_000, ...one }));
  return plantEvents(firestore, events);
}

const idsOf = ({ events }: EventPage) => events.map(({ eventId }) => eventId);

async function ids(query: Partial<EventQuery> = {}): Promise<string[]> {
  return idsOf(await list({ orgId: 'org1', ...query }));
}

/** Every page of a query, from its first to its last. */
async function pages(query: EventQuery): Promise<string[][]> {
  const all: string[][] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ ...query, cursor });
    all.push(idsOf(page));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return all;
}

const byId = (a: PlantedEvent, b: PlantedEvent) => (a.id < b.id ? -1 : 1);
const of = (entityType: string, entityId: string) => ({ entityType, entityId });
const sent = { eventType: 'invoice.sent', payload: { amountMinor: 1 } };

describe('a tenant’s events', () => {
  beforeEach(() =>
    plant(
      { id: 'a', matterId: 'm1' },
      { id: 'b', ...of('note', 'note2'), metadata: { correlationId: 'c1' } },
      { id: 'c', ...of('invoice', 'note1'), ...sent, matterId: 'm1' },
      { id: 'd', ...of('invoice', 'i2'), ...sent, metadata: { correlationId: 'c1' } },
      { id: 'foreign', orgId: 'org2', matterId: 'm1', metadata: { correlationId: 'c1' } },
    ),
  );

  test.each<[Partial<EventQuery>, readonly string[]]>([
    [{}, ['d', 'c', 'b', 'a']],
    [{ order: 'newest' }, ['d', 'c', 'b', 'a']],
    [{ order: 'oldest' }, ['a', 'b', 'c', 'd']],
    [{ eventType: 'invoice.sent' }, ['d', 'c']],
    [{ eventType: 'InvoiceSent', order: 'oldest' }, ['c', 'd']],
    [{ eventType: 'nobody.knows' }, []],
    [of('note', 'note1'), ['a']],
    [of('invoice', 'note1'), ['c']],
    [{ entityType: 'invoice' }, ['d', 'c']],
    [{ matterId: 'm1' }, ['c', 'a']],
    [{ correlationId: 'c1' }, ['b', 'd']],
    [{ from: atMs(1) }, ['d', 'c', 'b']],
    [{ to: atMs(1) }, ['a']],
    [{ from: atMs(1), to: atMs(3) }, ['c', 'b']],
    [{ correlationId: 'c1', from: atMs(2) }, ['d']],
    [{ orgId: 'org2' }, ['foreign']],
    [{ orgId: 'org3' }, []],
  ])('are found by %p', async (query, expected) => {
    expect(await ids(query)).toEqual(expected);
  });

  test('come with when they were recorded, at the newest version of their type', async () => {
    await firestore.doc('domain_events/c').update({ schemaVersion: 1, payload: { amount: 7 } });
    const { events } = await list({ orgId: 'org1', ...of('invoice', 'note1') });
    expect(events).toMatchObject([
      { eventId: 'c', schemaVersion: 2, payload: { amountMinor: 700 }, recordedAt: atMs(2) },
    ]);
  });

  test('are not hidden by one that this code cannot read, or that is none', async () => {
    await firestore.doc('domain_events/c').update({ eventType: 'of.newer.code' });
    await firestore.doc('domain_events/b').update({ actor: null });
    await firestore.doc('domain_events/a').update({ timestamp: 'yesterday' });
    expect(await ids()).toEqual(['d', 'c']);
    expect(await pages({ orgId: 'org1', limit: 1 })).toEqual([['d'], ['c'], [], []]);
  });

  test('cost one read for each, whatever page they are on', async () => {
    const whole = await measure(firestore, () => ids());
    const paged = await measure(firestore, () => pages({ orgId: 'org1', limit: 3 }));
    const none = await measure(firestore, () => ids({ orgId: 'org3' }));
    expect([whole.reads, paged.reads, none.reads]).toEqual([4, 4, 1]);
  });
});

describe('one event', () => {
  beforeEach(() => plant({ id: 'a' }, { id: 'foreign', orgId: 'org2' }));

  test('is found by its tenant and id', async () => {
    const event = await get({ orgId: 'org1', eventId: 'a' });
    expect(event).toMatchObject({ eventId: 'a', recordedAt: atMs(0) });
  });

  test.each(['foreign', 'none', '', 'a/b/c', '__a__', '.'])(
    'is not found as %p',
    async (eventId) => {
      expect(await get({ orgId: 'org1', eventId })).toBeUndefined();
    },
  );
});

describe('pages', () => {
  test('give events of one time once each, also where they differ by microseconds', async () => {
    const some = fc.uniqueArray(
      fc.tuple(fc.integer({ min: 0, max: 3 }), fc.stringMatching(/^[a-zA-Z0-9]{1,3}$/)),
      {
        maxLength: 20,
        selector: ([, id]) => id,
      },
    );
    await fc.assert(
      fc.asyncProperty(
        some,
        fc.integer({ min: 1, max: 7 }),
        fc.constantFrom('newest', 'oldest'),
        async (events, limit, order) => {
          await clearFirestore(firestore);
          const planted = events.map(([micros, id]) => ({
            id,
            atMicros: NEW_YEAR_MICROS + micros,
          }));
          await plantEvents(firestore, planted);
          const inOrder = planted.toSorted((a, b) =>
            a.atMicros === b.atMicros ? byId(a, b) : a.atMicros - b.atMicros,
          );
          const expected = inOrder.map(({ id }) => id);
          const found = await pages({ orgId: 'org1', limit, order });
          expect(found.flat()).toEqual(order === 'newest' ? expected.toReversed() : expected);
          expect(found.slice(0, -1).every((page) => page.length === limit)).toBe(true);
        },
      ),
      { numRuns: 25 },
    );
  });

  test.each(['newest', 'oldest'] as const)(
    'go on where they ended while events are written, %s first',
    async (order) => {
      await plant({ id: 'b' }, { id: 'c' }, { id: 'd' }, { id: 'e' });
      const query: EventQuery = { orgId: 'org1', order, limit: 2 };
      const first = await list(query);
      const before = await list({ ...query, limit: 4 });
      const rest = idsOf(before).slice(2);
      // Newer than all, and between those that were given.
      await plantEvents(firestore, [
        { id: 'z', atMicros: NEW_YEAR_MICROS + 60_000_000 },
        { id: 'y', atMicros: NEW_YEAR_MICROS + (order === 'newest' ? 2_500 : 500) },
      ]);
      const second = await list({ ...query, limit: 200, cursor: first.nextCursor });
      expect(idsOf(second)).toEqual(order === 'newest' ? rest : [...rest, 'z']);
    },
  );

  test('have 50 events where nobody says how many', async () => {
    await plant(...Array.from({ length: 51 }, (_, n) => ({ id: `e${n}` })));
    expect((await pages({ orgId: 'org1' })).map(({ length }) => length)).toEqual([50, 1]);
  });
});

describe('a cursor is refused', () => {
  const query: EventQuery = { orgId: 'org1', limit: 1 };

  async function cursorOf(asked: EventQuery): Promise<string> {
    await plant({ id: 'a', matterId: 'm1' }, { id: 'b', matterId: 'm1' });
    return (await list(asked)).nextCursor ?? '';
  }

  test.each<[string, Partial<EventQuery>]>([
    ['another tenant', { orgId: 'org2' }],
    ['another filter', { eventType: 'note.added' }],
    ['another order', { order: 'oldest' }],
    ['another start', { from: atMs(0) }],
    ['another end', { to: atMs(9) }],
  ])('with %s', async (_, other) => {
    const cursor = await cursorOf(query);
    const error = await codedErrorOf(() => list({ ...query, ...other, cursor }));
    expect(error.code).toBe('bad-cursor');
  });

  test('with another filter of the same value', async () => {
    await plant({ id: 'a', entityType: 'note.added' }, { id: 'b', entityType: 'note.added' });
    const { nextCursor: cursor } = await list({ ...query, eventType: 'note.added' });
    expect(cursor).toBeDefined();
    const other = { ...query, entityType: 'note.added', cursor };
    expect((await codedErrorOf(() => list(other))).code).toBe('bad-cursor');
  });

  test('but not with another limit, or what is said by default', async () => {
    const cursor = await cursorOf(query);
    expect(await ids({ limit: 7, order: 'newest', cursor })).toEqual(['a']);
  });

  test('when any of its characters is another', async () => {
    const cursor = await cursorOf(query);
    for (let at = 0; at < cursor.length; at += 1) {
      const other = cursor[at] === 'A' ? 'B' : 'A';
      const changed = `${cursor.slice(0, at)}${other}${cursor.slice(at + 1)}`;
      expect((await codedErrorOf(() => list({ ...query, cursor: changed }))).code).toBe(
        'bad-cursor',
      );
    }
  });

  test.each(['', 'x', '====', 'bnVsbA', 'A'.repeat(3_000)])('as %p', async (cursor) => {
    expect((await codedErrorOf(() => list({ ...query, cursor }))).code).toBe('bad-cursor');
  });
});

describe('a query is refused', () => {
  test.each<[Partial<EventQuery>, string]>([
    [{ orgId: 'a/b' }, 'orgId'],
    [{ eventType: '' }, 'eventType'],
    [{ entityType: 'No' }, 'entityType'],
    [{ entityType: 'note', entityId: '__x__' }, 'entityId'],
    [{ matterId: '' }, 'matterId'],
    [{ correlationId: 'x'.repeat(201) }, 'correlationId'],
    [{ limit: 0 }, 'limit'],
    [{ limit: 201 }, 'limit'],
    [{ limit: 1.5 }, 'limit'],
    [{ from: new Date(Number.NaN) }, 'from'],
    [{ from: atMs(1), to: atMs(1) }, 'to'],
    [{ cursor: 'x'.repeat(5_000) }, 'cursor'],
    [{ order: 'sideways' as 'newest' }, 'order'],
    [{ wrong: 1 } as Partial<EventQuery>, 'wrong'],
    [{ eventType: 7 as never }, 'eventType'],
  ])('with %p', async (query, path) => {
    expect(await pathsOf(() => ids(query))).toEqual([path]);
    expect((await codedErrorOf(() => ids(query))).code).toBe('invalid-input');
  });

  test.each([null, undefined, 7])('that is %p', async (query) => {
    const act = () => list(query as unknown as EventQuery);
    expect((await codedErrorOf(act)).code).toBe('invalid-input');
    expect(await pathsOf(act)).toEqual(['query']);
  });

  test.each<Partial<EventQuery>>([
    { entityId: 'note1' },
    { eventType: 'note.added', matterId: 'm1' },
    { matterId: 'm1', order: 'oldest' },
    { correlationId: 'c1', order: 'newest' },
    { entityType: 'note', order: 'oldest' },
  ])('without an index, with those that there are: %p', async (query) => {
    const error = await codedErrorOf(() => ids(query));
    expect(error.code).toBe('unsupported-query');
    expect(error.message).toContain('no filter (newest, oldest); eventType (newest, oldest)');
    expect(error.message).toContain('correlationId (oldest)');
  });
});
