import { beforeEach, describe, expect, test } from '@jest/globals';
import { SERVER_TIME } from '#kernel';
import { countingIds } from '../../kernel/testing/counting-ids.ts';
import { ManualClock } from '../../kernel/testing/manual-clock.ts';
import { codedErrorOf, pathsOf } from '../testing/failure.ts';
import { MemoryDocuments, READ_AT_MS } from '../testing/memory-documents.ts';
import { createCustomTypes } from './custom-types.ts';

const TYPE = 'custom.order_placed';
const admin = { actorType: 'user', actorId: 'ada' } as const;
const ofTotal = (total: object) => ({ type: 'object', properties: { total } });
const whole = ofTotal({ type: 'integer' });
const text = ofTotal({ type: 'string' });
const minute = 60_000;

let documents: MemoryDocuments;
let clock: ManualClock;
/** The paths that were read outside a transaction. */
let read: string[];

/** A document as the database has it, which knows what time it was. */
function stored(path: string) {
  const data = documents.byPath.get(path);
  const entries = Object.entries(data ?? {});
  const timed = entries.map(([name, value]) => [name, value === SERVER_TIME ? new Date(0) : value]);
  return { path, data: data && Object.fromEntries(timed), readAtMs: READ_AT_MS };
}

beforeEach(() => {
  documents = new MemoryDocuments();
  clock = new ManualClock();
  read = [];
});

/** Custom types as one instance of the backend has them. */
function instance() {
  return createCustomTypes({
    reader: {
      get: async (path) => {
        read.push(path);
        return stored(path);
      },
    },
    runTransaction: documents.runTransaction,
    ids: countingIds('t'),
    clock,
  });
}

function put(schema: unknown = whole, said: { type?: string; description?: string } = {}) {
  const input = { type: TYPE, schema, description: 'An order was placed.', ...said };
  return instance().register('org1', input, admin);
}

/** What an emit of the type would be stored as. */
async function parse(types: ReturnType<typeof instance>, total: unknown, schemaVersion?: number) {
  const reader = await types.readerOf('org1', {
    eventType: TYPE,
    ...(schemaVersion === undefined ? {} : { schemaVersion }),
  });
  return reader.parse(TYPE, { total });
}

test.each([
  ['nobody', undefined],
  ['somebody of no kind', { actorType: 'robot', actorId: 'r2' }],
  ['somebody without an id', { actorType: 'user', actorId: '' }],
])('a type is not registered by %s: it could not be read again', async (_, actor) => {
  const input = { type: TYPE, schema: whole, description: 'An order was placed.' };
  const registering = () => instance().register('org1', input, actor as typeof admin);
  expect(await pathsOf(registering)).toEqual(['actor']);
  expect(documents.byPath.size).toBe(0);
});

describe('a registration', () => {
  test('is the type’s first version, and the next one where the schema is another', async () => {
    expect(await put()).toEqual({ type: TYPE, version: 1 });
    expect(await put(text)).toEqual({ type: TYPE, version: 2 });
    expect(await put(whole)).toEqual({ type: TYPE, version: 3 });
  });

  test('of the same again writes nothing, whatever the order of its keys', async () => {
    await put();
    const before = new Map(documents.byPath);
    expect(await put({ properties: { total: { type: 'integer' } }, type: 'object' })).toEqual({
      type: TYPE,
      version: 1,
    });
    expect(documents.byPath).toEqual(before);
  });

  test('of another description is the same version', async () => {
    await put();
    expect(await put(whole, { description: 'New words.' })).toMatchObject({ version: 1 });
    const listed = [{ type: TYPE, version: 1, description: 'New words.' }];
    expect(await instance().list('org1')).toEqual(listed);
  });

  test.each([
    'order_placed',
    'custom',
    'custom.',
    'customs.order',
    'custom.Order',
    'custom.a b',
    'custom.a:b',
    'custom.__proto__x y',
    `custom.${'a'.repeat(94)}`,
    'invoice.paid',
    7 as unknown as string,
  ])('is not of a type called %p', async (type) => {
    const act = () => put(whole, { type });
    expect((await codedErrorOf(act)).code).toBe('invalid-schema');
    expect(await pathsOf(act)).toEqual(['type']);
    expect(documents.byPath.size).toBe(0);
  });

  test('names everything that is wrong with it', async () => {
    const input = { type: 'x', schema: { type: 'string' }, description: '' };
    const act = () => instance().register('org/1', input, admin);
    expect(await pathsOf(act)).toEqual(['orgId', 'type', 'description', 'schema.type']);
    expect(documents.byPath.size).toBe(0);
  });

  test('is the last of 100 types', async () => {
    for (let n = 0; n < 100; n += 1) await put(whole, { type: `custom.t${n}` });
    const error = await codedErrorOf(() => put());
    expect(error).toMatchObject({ code: 'failed-precondition' });
    expect(error.message).toContain('100 types');
    expect(await put(text, { type: 'custom.t7' })).toMatchObject({ version: 2 });
    expect(
      await instance().register('org2', { type: TYPE, schema: whole, description: 'x' }, admin),
    ).toMatchObject({ version: 1 });
  });

  test('is the last of 100 versions', async () => {
    for (let n = 0; n < 100; n += 1) await put(ofTotal({ minimum: n }));
    const error = await codedErrorOf(() => put());
    expect(error).toMatchObject({ code: 'failed-precondition' });
    expect(await put(ofTotal({ minimum: 99 }))).toMatchObject({ version: 100 });
  });
});

describe('an organization’s types', () => {
  test('are listed by name at their newest versions', async () => {
    await put(whole, { type: 'custom.b' });
    await put(whole, { type: 'custom.a' });
    await put(text, { type: 'custom.b' });
    const listed = await instance().list('org1');
    expect(listed.map(({ type, version }) => [type, version])).toEqual([
      ['custom.a', 1],
      ['custom.b', 2],
    ]);
    expect(await instance().list('org2')).toEqual([]);
  });

  test('are no other’s', async () => {
    await put();
    expect(await instance().get('org2', TYPE)).toBeUndefined();
    const act = () => instance().readerOf('org2', { eventType: TYPE });
    expect(await pathsOf(act)).toEqual(['eventType']);
  });
});

describe('what names no type is refused, and nothing is read:', () => {
  test.each<[string, (types: ReturnType<typeof instance>) => unknown, string]>([
    ['the list of no org', (types) => types.list('a/b'), 'orgId'],
    ['a type of no org', (types) => types.get('a/b', TYPE), 'orgId'],
    ['a name that is none', (types) => types.get('org1', 'x/y', 1), 'type'],
    ['a version that is none', (types) => types.get('org1', TYPE, 0), 'version'],
    ['no whole version', (types) => types.get('org1', TYPE, 1.5), 'version'],
  ])('%s', async (_, act, path) => {
    expect((await codedErrorOf(() => act(instance()))).code).toBe('invalid-input');
    expect(await pathsOf(() => act(instance()))).toEqual([path]);
    expect(read).toEqual([]);
  });
});

describe('a payload is read', () => {
  test('by the newest version, or by the one that is stated', async () => {
    await put();
    await put(text);
    expect(await parse(instance(), '5')).toEqual({ version: 2, payload: { total: '5' } });
    expect(await parse(instance(), 5, 1)).toEqual({ version: 1, payload: { total: 5 } });
    expect(await pathsOf(() => parse(instance(), 5))).toEqual(['payload.total']);
    expect(await pathsOf(() => parse(instance(), 5, 3))).toEqual(['schemaVersion']);
  });

  test.each<[string, unknown, string]>([
    ['undefined', undefined, 'payload.total'],
    ['NaN', Number.NaN, 'payload.total'],
    ['a reserved name', { __x__: 1 }, 'payload.total.__x__'],
    ['__proto__', JSON.parse('{"__proto__":1}'), 'payload.total.__proto__'],
  ])('and never holds %s', async (_, total, path) => {
    await put({ type: 'object' });
    expect(await pathsOf(() => parse(instance(), total))).toEqual([path]);
  });

  test('and is no larger than an event', async () => {
    await put({ type: 'object' });
    const error = await codedErrorOf(() => parse(instance(), 'x'.repeat(300_000)));
    expect(error.code).toBe('payload-too-large');
  });
});

describe('an instance', () => {
  const LIST = 'event_types/org1';
  const FIRST = `event_types/org1:${TYPE}:1`;
  const SECOND = `event_types/org1:${TYPE}:2`;

  test('reads a list once a minute, and a version once', async () => {
    await put();
    const types = instance();
    await Promise.all([parse(types, 1), parse(types, 2)]);
    clock.advance(minute - 1);
    await parse(types, 3);
    expect(read.toSorted()).toEqual([LIST, FIRST].toSorted());
    clock.advance(1);
    await parse(types, 4);
    expect(read).toHaveLength(3);
    expect(read.at(-1)).toBe(LIST);
  });

  test('looks at once for a type, or a version, that it has not seen', async () => {
    const types = instance();
    expect(await pathsOf(() => parse(types, 1))).toEqual(['eventType']);
    await put();
    expect(await parse(types, 1)).toMatchObject({ version: 1 });
    await put(text);
    // The newest that it has seen, for up to a minute …
    expect(await parse(types, 1)).toMatchObject({ version: 1 });
    // … unless it is told of a newer one.
    expect(await parse(types, '1', 2)).toMatchObject({ version: 2 });
    expect(await parse(types, '1')).toMatchObject({ version: 2 });
    expect(read.filter((path) => path === SECOND)).toHaveLength(1);
  });

  test('emits at once at the version that it registered', async () => {
    await put();
    const types = instance();
    await parse(types, 1);
    await types.register('org1', { type: TYPE, schema: text, description: 'x' }, admin);
    expect(await parse(types, '1')).toMatchObject({ version: 2 });
  });

  test.each([
    ['list', LIST],
    ['version', FIRST],
  ])('tries again after a read of a %s that failed', async (_, failing) => {
    await put();
    let fails = true;
    const types = createCustomTypes({
      reader: {
        get: async (path) => {
          if (fails && path === failing) throw new Error('unavailable');
          return stored(path);
        },
      },
      runTransaction: documents.runTransaction,
      ids: countingIds('t'),
      clock,
    });
    await expect(parse(types, 1)).rejects.toThrow('unavailable');
    fails = false;
    expect(await parse(types, 1)).toMatchObject({ version: 1 });
  });
});
