import { beforeEach, describe, expect, test } from '@jest/globals';
import { Timestamp } from 'firebase-admin/firestore';
import type { WriteBatch } from 'firebase-admin/firestore';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { measure } from '../../kernel/testing/meter.ts';
import { aNote } from '../testing/an-event.ts';
import { testCatalog } from '../testing/catalog.ts';
import { codedErrorOf } from '../testing/failure.ts';
import {
  countDocuments,
  createTestEmit,
  emit,
  firestore,
  logged,
  read,
} from '../testing/firestore-log.ts';
import { createEventLoader } from './event-log.ts';

beforeEach(() => clearFirestore(firestore));

describe('an emit that commits by itself', () => {
  test('writes the event and its job in one commit, at the same time by the server', async () => {
    const { eventId, jobIds, duplicate } = await emit(aNote());
    expect(duplicate).toBe(false);
    expect(jobIds).toEqual([`notif:org1:${eventId}`]);
    const [event, job] = await firestore.getAll(
      firestore.doc(`domain_events/${eventId}`),
      firestore.doc(`outbox/${jobIds[0]}`),
    );
    expect(event!.createTime).toEqual(job!.createTime);
    const { timestamp } = event!.data()!;
    expect(timestamp).toBeInstanceOf(Timestamp);
    const times = { createdAt: timestamp, openedAt: timestamp, nextAttemptAt: timestamp };
    expect(job!.data()).toMatchObject({ ...times, updatedAt: timestamp, status: 'pending' });
  });

  test('is two writes and no read with one subscription', async () => {
    const billed = await measure(firestore, () => emit(aNote()));
    expect(billed).toEqual({ reads: 0, writes: 2, deletes: 0 });
    const keyed = await measure(firestore, () => emit(aNote({ idempotencyKey: 'k' })));
    expect(keyed).toEqual({ reads: 0, writes: 2, deletes: 0 });
  });

  test('has a random id of 20 characters', async () => {
    const ids = [(await emit(aNote())).eventId, (await emit(aNote())).eventId];
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9]{20}$/);
    expect(ids[0]).not.toBe(ids[1]);
  });

  test('stores exactly what was said, with nothing undefined', async () => {
    const payload = { any: { at: new Date(5), list: [1, -0, { deep: null }], 'a.b': 'ü' } };
    const metadata = { correlationId: 'c1', custom: { a: 1 } };
    const { eventId } = await emit(aNote({ matterId: 'm1', payload, metadata }));
    expect(await read(`domain_events/${eventId}`)).toEqual({
      ...aNote({ matterId: 'm1' }),
      eventId,
      payload: { any: { ...payload.any, at: Timestamp.fromMillis(5) } },
      schemaVersion: 1,
      related: ['note:note1', 'matter:m1'],
      jobTypes: ['notif'],
      timestamp: expect.any(Timestamp),
      metadata: { ...metadata, sourceService: 'tests' },
      contentHash: expect.any(String),
      by: expect.any(String),
    });
  });
});

describe('an event that is only observed', () => {
  test('is emitted like any other', async () => {
    const result = await emit(aNote(), { observational: true });
    expect(result).toMatchObject({ duplicate: false });
    expect(await countDocuments()).toBe(2);
  });

  test('and cannot be emitted is logged, and breaks nothing', async () => {
    logged.length = 0;
    const result = await emit(aNote({ entityId: 'a b' }), { observational: true });
    expect(result).toBeUndefined();
    expect(logged).toEqual([
      expect.objectContaining({
        severity: 'WARNING',
        message: 'observational event could not be emitted',
        eventType: 'note.added',
        orgId: 'org1',
        error: expect.stringContaining('entityId'),
      }),
    ]);
    expect(await countDocuments()).toBe(0);
  });

  test('and cannot be stored is logged too', async () => {
    const key = { idempotencyKey: 'k' };
    await emit(aNote(key));
    const other = aNote({ ...key, payload: { text: 'other' } });
    expect(await emit(other, { observational: true })).toBeUndefined();
  });
});

describe('an event that is only observed never throws', () => {
  const broken = {
    ...aNote(),
    get eventType(): never {
      throw new Error('no type');
    },
  };
  const unusual: [string, unknown, object][] = [
    ['no event', undefined, {}],
    ['null', null, {}],
    ['a text', 'note', {}],
    ['an event that throws', broken, {}],
    ['a batch that is none', aNote(), { batch: null }],
    ['a transaction that is none', aNote(), { transaction: null }],
    ['a transaction that cannot be written to', aNote(), { transaction: {} }],
    [
      'options that throw',
      aNote(),
      Object.defineProperty({}, 'batch', { get: () => broken.eventType }),
    ],
  ];
  test.each(unusual)('%s', async (_, event, options) => {
    logged.length = 0;
    const said = event as ReturnType<typeof aNote>;
    const observed = Object.defineProperty(options, 'observational', { value: true });
    expect(await emit(said, observed as { observational: true })).toBeUndefined();
    expect(logged).toMatchObject([{ severity: 'WARNING', error: expect.any(String) }]);
  });

  test('and whose log fails, too', async () => {
    const write = (): never => {
      throw new Error('no log');
    };
    const failing = createTestEmit(firestore, { write });
    expect(await failing(aNote({ orgId: '' }), { observational: true })).toBeUndefined();
  });

  test('and is logged without what makes a log too long', async () => {
    logged.length = 0;
    const eventType = 'x'.repeat(1_000_000);
    const odd = { ...aNote(), eventType, orgId: ['x'.repeat(1_000_000)] };
    await emit(odd as unknown as ReturnType<typeof aNote>, { observational: true });
    expect(JSON.stringify(logged).length).toBeLessThan(2_000);
  });
});

test.each([undefined, null, 7])('%p is refused as an event', async (none) => {
  const error = await codedErrorOf(() => emit(none as unknown as ReturnType<typeof aNote>));
  expect(error.code).toBe('invalid-event');
});

test('options that are wrong are a rejection, not an exception', async () => {
  const answer = emit(aNote(), { batch: null } as unknown as { batch: WriteBatch });
  await expect(answer).rejects.toThrow('weak map key');
});

describe('the loader of events', () => {
  test('reads an event once, however many jobs ask for it', async () => {
    const { eventId } = await emit(aNote());
    const load = createEventLoader(firestore, testCatalog);
    const billed = await measure(firestore, async () => {
      expect(await Promise.all([load(eventId), load(eventId)])).toEqual([
        expect.objectContaining({ eventId, payload: aNote().payload }),
        expect.objectContaining({ eventId }),
      ]);
    });
    expect(billed.reads).toBe(1);
  });

  test('does not read what is known already', async () => {
    const { eventId } = await emit(aNote());
    const known = await createEventLoader(firestore, testCatalog)(eventId);
    const billed = await measure(firestore, async () => {
      expect(await createEventLoader(firestore, testCatalog, known)(eventId)).toEqual(known);
    });
    expect(billed.reads).toBe(0);
  });

  test('answers undefined for what is not there or not an event', async () => {
    await firestore.doc('domain_events/broken').create({ eventId: 'broken' });
    const load = createEventLoader(firestore, testCatalog);
    expect([await load('none'), await load('broken')]).toEqual([undefined, undefined]);
  });
});
