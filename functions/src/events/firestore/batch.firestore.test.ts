import { beforeEach, describe, expect, test } from '@jest/globals';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { measure } from '../../kernel/testing/meter.ts';
import { aNote } from '../testing/an-event.ts';
import { codedErrorOf } from '../testing/failure.ts';
import { countDocuments, emit, firestore, read } from '../testing/firestore-log.ts';

beforeEach(() => clearFirestore(firestore));

describe('an emit in a caller’s batch', () => {
  test('is written with the batch, and not before', async () => {
    const batch = firestore.batch();
    batch.create(firestore.doc('notes/note1'), { text: 'Hello' });
    const { eventId, jobIds, duplicate } = await emit(aNote(), { batch });
    expect(await countDocuments()).toBe(0);
    const billed = await measure(firestore, () => batch.commit());
    expect(billed).toEqual({ reads: 0, writes: 3, deletes: 0 });
    expect(duplicate).toBe(false);
    const { timestamp } = await read(`domain_events/${eventId}`);
    expect(await read(`outbox/${jobIds[0]}`)).toMatchObject({ createdAt: timestamp });
  });

  test('is not written where the batch fails', async () => {
    await firestore.doc('notes/note1').create({});
    const batch = firestore.batch();
    await emit(aNote(), { batch });
    batch.create(firestore.doc('notes/note1'), {});
    await expect(batch.commit()).rejects.toMatchObject({ code: 6 });
    expect(await countDocuments()).toBe(1);
  });

  test('with a key that was used makes the whole batch fail', async () => {
    const keyed = aNote({ idempotencyKey: 'k' });
    await emit(keyed);
    const batch = firestore.batch();
    batch.create(firestore.doc('notes/note1'), {});
    expect(await emit(keyed, { batch })).toMatchObject({ duplicate: false });
    await expect(batch.commit()).rejects.toMatchObject({ code: 6 });
    expect(await countDocuments()).toBe(2);
  });
});

describe('one batch', () => {
  test('takes 100 events and refuses the 101st, which leaves the 100 as they are', async () => {
    const batch = firestore.batch();
    for (let n = 0; n < 100; n += 1) await emit(aNote({ entityId: `note${n}` }), { batch });
    const error = await codedErrorOf(() => emit(aNote(), { batch }));
    expect(error.code).toBe('payload-too-large');
    await batch.commit();
    expect(await countDocuments()).toBe(200);
  });

  test('takes a key once, and is as it was after the second emit', async () => {
    const batch = firestore.batch();
    const keyed = aNote({ idempotencyKey: 'k' });
    await emit(keyed, { batch });
    const other = aNote({ idempotencyKey: 'k', payload: { text: 'other' } });
    for (const again of [keyed, other]) {
      const error = await codedErrorOf(() => emit(again, { batch }));
      expect(error.code).toBe('idempotency-key-reused');
    }
    await emit(aNote({ idempotencyKey: 'k2' }), { batch });
    await batch.commit();
    expect(await countDocuments()).toBe(4);
  });

  test('takes at most 5 MB of events', async () => {
    const batch = firestore.batch();
    const large = aNote({ payload: { text: 'x'.repeat(250 * 1024) } });
    for (let n = 0; n < 20; n += 1) await emit(large, { batch });
    const error = await codedErrorOf(() => emit(large, { batch }));
    expect(error.code).toBe('payload-too-large');
    expect(error.message).toMatch(/\d{7} bytes, at most 5242880/);
    await emit(aNote(), { batch });
    await batch.commit();
    expect(await countDocuments()).toBe(42);
  });
});
