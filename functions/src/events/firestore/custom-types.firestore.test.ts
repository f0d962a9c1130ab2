import { beforeEach, describe, expect, test } from '@jest/globals';
import type { DomainEvent } from '../event.ts';
import { createRunTransaction } from '#kernel/firestore';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { measure } from '../../kernel/testing/meter.ts';
import { Bus } from '../bus/bus.ts';
import { contentHash } from '../emit/content-hash.ts';
import type { EventInput } from '../emit/event-input.ts';
import { appendToStream } from '../streams/append-to-stream.ts';
import { aNote } from '../testing/an-event.ts';
import { testCatalog } from '../testing/catalog.ts';
import { codedErrorOf, pathsOf } from '../testing/failure.ts';
import {
  countDocuments,
  customTypes,
  emit,
  emitBatch,
  firestore,
  read,
} from '../testing/firestore-log.ts';
import { createEventLoader } from './event-log.ts';

const runTransaction = createRunTransaction(firestore);
const admin = { actorType: 'user', actorId: 'ada' } as const;
const schema = {
  type: 'object',
  properties: { total: { type: 'integer', minimum: 0 }, at: { format: 'date-time' } },
  required: ['total'],
  additionalProperties: false,
};
let made = 0;
let orgId: string;
let type: string;

/** An organization of its own for each test: what the instance has seen of others is no matter. */
beforeEach(async () => {
  await clearFirestore(firestore);
  made += 1;
  orgId = `org${made}`;
  type = 'custom.order_placed';
  await customTypes.register(orgId, { type, schema, description: 'An order was placed.' }, admin);
});

function anOrder(said: Partial<EventInput> = {}) {
  return aNote({ orgId, eventType: type, payload: { total: 5 }, ...said });
}

const withoutTotal = { at: new Date(5) };

async function load(eventId: string): Promise<DomainEvent | undefined> {
  return createEventLoader(firestore, testCatalog)(eventId);
}

describe('an event of an organization’s own type', () => {
  test('is stored at its schema’s version, and read as it was stored, with its times', async () => {
    const payload = { total: 5, at: new Date(5) };
    const { eventId, jobIds } = await emit(anOrder({ payload }));
    expect(jobIds).toEqual([`notif:${orgId}:${eventId}`]);
    await customTypes.register(
      orgId,
      { type, schema: { type: 'object' }, description: 'x' },
      admin,
    );
    const event = await load(eventId);
    expect(event).toMatchObject({ eventType: type, schemaVersion: 1, payload });
    expect(event?.contentHash).toBe(contentHash(event!));
    expect(testCatalog.knows(event!)).toBe(true);
  });

  test('is written by every kind of emit', async () => {
    await emitBatch([anOrder(), aNote({ orgId })]);
    const batch = firestore.batch();
    await emit(anOrder(), { batch });
    await batch.commit();
    await runTransaction('t1', async (transaction) => {
      await emit(anOrder(), { transaction });
      await appendToStream(
        (event) => emit(anOrder({ ...(event as object), actor: admin }), { transaction }),
        { orgId, entityType: 'order', entityId: 'o1' },
        0,
        [{ eventType: type, payload: { total: 1 } } as never],
      );
    });
    // Two documents each, a stream's head, the type's list and its version.
    expect(await countDocuments()).toBe(13);
  });

  test('costs no read once the type was read', async () => {
    await emit(anOrder());
    const billed = await measure(firestore, () => emit(anOrder()));
    expect(billed).toEqual({ reads: 0, writes: 2, deletes: 0 });
  });

  test('with a key is one event, also after its type has a new version', async () => {
    const first = await emit(anOrder({ idempotencyKey: 'k' }));
    const next = { ...schema, title: 'Order' };
    await customTypes.register(orgId, { type, schema: next, description: 'x' }, admin);
    expect(await emit(anOrder({ idempotencyKey: 'k' }))).toEqual({ ...first, duplicate: true });
  });

  test('is given to those who subscribe to everything, to custom.*, or to the type', async () => {
    const bus = new Bus<never>() as unknown as Bus<
      import('../catalog/define-event.ts').EventDefinition
    >;
    const sink = { kind: 'external', onUnknownOutcome: 'retry', send: async () => {} } as const;
    for (const [id, pattern] of [
      ['all', '*'],
      ['own', 'custom.*'],
      ['one', type],
      ['other', 'custom.other'],
    ] as const) {
      bus.subscribe(pattern, { id, ...sink });
    }
    expect(bus.jobsFor(type).map(({ jobType }) => jobType)).toEqual(['all', 'own', 'one']);
  });
});

describe('refused, with nothing written:', () => {
  const cases: [string, () => Partial<EventInput>, string][] = [
    ['what the schema does not let through', () => ({ payload: withoutTotal }), 'payload.total'],
    ['a field nobody knows', () => ({ payload: { total: 1, x: 1 } }), 'payload.x'],
    ['a type that nobody registered', () => ({ eventType: 'custom.other' }), 'eventType'],
    ['another organization’s type', () => ({ orgId: 'foreign' }), 'eventType'],
    ['a version that there is not', () => ({ schemaVersion: 2 }), 'schemaVersion'],
    ['an input that is wrong', () => ({ entityId: '__x__' }), 'entityId'],
  ];

  test.each(cases)('%s', async (_, said, path) => {
    const before = await countDocuments();
    expect(await pathsOf(() => emit(anOrder(said())))).toEqual([path]);
    expect(await pathsOf(() => emitBatch([aNote(), anOrder(said())]))).toEqual([
      `events[1].${path}`,
    ]);
    await runTransaction('t1', async (transaction) => {
      expect(await pathsOf(() => emit(anOrder(said()), { transaction }))).toEqual([path]);
    });
    expect(await countDocuments()).toBe(before);
  });
});

describe('a registration', () => {
  test('says who, when and what, and is never changed', async () => {
    const registered = await customTypes.get(orgId, type);
    expect(registered).toMatchObject({ type, version: 1, schema, registeredBy: admin });
    expect(registered?.registeredAt).toBeInstanceOf(Date);
    await customTypes.register(
      orgId,
      { type, schema: { type: 'object' }, description: 'x' },
      admin,
    );
    expect(await customTypes.get(orgId, type, 1)).toEqual(registered);
    expect(await customTypes.get(orgId, type)).toMatchObject({ version: 2 });
  });

  test('of the same again costs a read and no write', async () => {
    const same = { type, schema, description: 'An order was placed.' };
    const again = () => customTypes.register(orgId, same, admin);
    expect(await measure(firestore, again)).toEqual({ reads: 1, writes: 0, deletes: 0 });
  });

  test('of five schemas at once is five versions', async () => {
    const schemas = Array.from({ length: 5 }, (_, n) => ({ ...schema, title: `t${n}` }));
    const all = schemas.map((one) =>
      customTypes.register(orgId, { type, schema: one, description: 'x' }, admin),
    );
    const versions = (await Promise.all(all)).map(({ version }) => version);
    expect(versions.toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5, 6]);
    expect(await read(`event_types/${orgId}:${type}:6`)).toMatchObject({ version: 6 });
  });

  test('of a schema that is refused writes nothing', async () => {
    const before = await countDocuments();
    const bad = { type, schema: { type: 'object', pattern: '(?=a)' }, description: 'x' };
    const error = await codedErrorOf(() => customTypes.register(orgId, bad, admin));
    expect(error.code).toBe('invalid-schema');
    expect(error.problems.map(({ path }) => path)).toEqual(['schema.pattern']);
    expect(await countDocuments()).toBe(before);
  });
});
