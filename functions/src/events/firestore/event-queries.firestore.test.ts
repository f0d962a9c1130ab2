import { beforeEach, describe, expect, test } from '@jest/globals';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { measure } from '../../kernel/testing/meter.ts';
import { testCatalog } from '../testing/catalog.ts';
import { codedErrorOf, pathsOf } from '../testing/failure.ts';
import { firestore } from '../testing/firestore-log.ts';
import { plantEvents } from '../testing/planted-events.ts';
import { createEventQueries } from './event-queries.ts';

const { count, causation } = createEventQueries(firestore, testCatalog);
const NEW_YEAR_MICROS = 1_893_456_000_000_000;
const at = (n: number) => ({ atMicros: NEW_YEAR_MICROS + n * 1_000 });
const dateOf = (n: number) => new Date(NEW_YEAR_MICROS / 1_000 + n);
const sent = { eventType: 'invoice.sent', payload: { amountMinor: 1 } };

beforeEach(() => clearFirestore(firestore));

describe('the counts of a tenant’s events', () => {
  beforeEach(async () => {
    await plantEvents(firestore, [
      { id: 'a', ...at(0) },
      { id: 'b', ...at(1), ...sent },
      { id: 'c', ...at(2) },
      { id: 'd', ...at(3) },
      { id: 'foreign', ...at(1), orgId: 'org2' },
    ]);
    await firestore.doc('domain_events/d').update({ eventType: 'of.newer.code' });
  });

  const counted = (others: number, byType: Readonly<Record<string, number>>) => {
    const types = testCatalog.types.map((eventType) => ({
      eventType,
      count: byType[eventType] ?? 0,
    }));
    const known = types.reduce((sum, type) => sum + type.count, 0);
    return { total: known + others, types, others };
  };

  test('are of every type of the catalog, of all others, and of all', async () => {
    expect(testCatalog.types).toContain('day.planned');
    expect(await count({ orgId: 'org1' })).toEqual(
      counted(1, { 'note.added': 2, 'invoice.sent': 1 }),
    );
    expect(await count({ orgId: 'org3' })).toEqual(counted(0, {}));
  });

  test('are of a range of time: its first moment in it, its last not', async () => {
    const range = { orgId: 'org1', from: dateOf(1), to: dateOf(2) };
    expect(await count(range)).toEqual(counted(0, { 'invoice.sent': 1 }));
  });

  test('cost one read for each type and one for the total, whatever they count to', async () => {
    const billed = await measure(firestore, () => count({ orgId: 'org1' }));
    expect(billed).toEqual({ reads: testCatalog.types.length + 1, writes: 0, deletes: 0 });
  });

  test('are refused of no tenant, and of a range that is none', async () => {
    expect(await pathsOf(() => count({ orgId: '' }))).toEqual(['orgId']);
    const range = { orgId: 'org1', from: dateOf(2), to: dateOf(2) };
    expect(await pathsOf(() => count(range))).toEqual(['to']);
    const noDate = { orgId: 'org1', to: new Date(Number.NaN) };
    expect((await codedErrorOf(() => count(noDate))).code).toBe('invalid-input');
  });

  test.each<[unknown, string]>([
    [undefined, 'query'],
    [null, 'query'],
    [{ orgId: 'org1', from: 'x' }, 'from'],
    [{ orgId: 'org1', to: 5 }, 'to'],
    [{ orgId: 'org1', eventType: 'note.added' }, 'eventType'],
  ])('are refused of %j', async (said, path) => {
    const act = () => count(said as Parameters<typeof count>[0]);
    expect((await codedErrorOf(act)).code).toBe('invalid-input');
    expect(await pathsOf(act)).toEqual([path]);
  });
});

describe('the causation of an event', () => {
  const about = (correlationId: string, causationId?: string) => ({
    metadata: { correlationId, ...(causationId === undefined ? {} : { causationId }) },
  });

  test('is what led to it and what came of it, within its tenant and correlation', async () => {
    await plantEvents(firestore, [
      { id: 'a', ...at(0), ...about('c1') },
      { id: 'b', ...at(1), ...about('c1', 'a') },
      { id: 'c', ...at(2), ...about('c1', 'b') },
      { id: 'other', ...at(2), ...about('c2', 'b') },
      { id: 'foreign', ...at(2), ...about('c1', 'b'), orgId: 'org2' },
    ]);
    const tree = await causation({ orgId: 'org1', eventId: 'b' });
    const c = { event: { eventId: 'c' }, effects: [] };
    const b = { event: { eventId: 'b' }, effects: [c] };
    expect(tree).toMatchObject({
      roots: [{ event: { eventId: 'a' }, effects: [b] }],
      path: ['a', 'b'],
      truncated: false,
    });
    expect(await causation({ orgId: 'org1', eventId: 'foreign' })).toBeUndefined();
    expect(await causation({ orgId: 'org2', eventId: 'foreign' })).toMatchObject({
      roots: [{ causeMissing: true }],
      path: ['foreign'],
    });
  });

  test('ends for events that were planted as each other’s causes', async () => {
    await plantEvents(firestore, [
      { id: 'a', ...at(0), ...about('c1', 'b') },
      { id: 'b', ...at(1), ...about('c1', 'a') },
    ]);
    expect(await causation({ orgId: 'org1', eventId: 'b' })).toMatchObject({
      roots: [{ event: { eventId: 'a' }, causesItself: true }],
      path: ['a', 'b'],
    });
  });

  async function plantTo(length: number): Promise<void> {
    const ids = Array.from({ length }, (_, n) => `e${String(n).padStart(4, '0')}`);
    for (let from = 0; from < ids.length; from += 250) {
      const some = ids.slice(from, from + 250);
      const events = some.map((id, n) => ({ id, ...at(from + n), ...about('c1') }));
      await plantEvents(firestore, events);
    }
  }

  test('of just as many events as are read is whole', async () => {
    await plantTo(1_000);
    const tree = await causation({ orgId: 'org1', eventId: 'e0999' });
    expect(tree?.roots).toHaveLength(1_000);
    expect(tree?.truncated).toBe(false);
  });

  test('is bounded, says so, and has the event all the same', async () => {
    await plantTo(1_001);
    let tree: Awaited<ReturnType<typeof causation>>;
    const billed = await measure(firestore, async () => {
      tree = await causation({ orgId: 'org1', eventId: 'e1000' });
    });
    expect(tree?.roots).toHaveLength(1_001);
    expect(tree).toMatchObject({ path: ['e1000'], truncated: true });
    // One for the event, and one to see that there are more.
    expect(billed.reads).toBe(1_002);
    const inReach = await causation({ orgId: 'org1', eventId: 'e0000' });
    expect(inReach?.roots).toHaveLength(1_000);
  });
});
