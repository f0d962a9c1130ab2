import { beforeEach, describe, expect, test } from '@jest/globals';
import { createRunTransaction } from '#kernel/firestore';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { measure } from '../../kernel/testing/meter.ts';
import { aNote } from '../testing/an-event.ts';
import { codedErrorOf } from '../testing/failure.ts';
import { countDocuments, emit, firestore, read } from '../testing/firestore-log.ts';
import { noteStream, readStream } from '../testing/event-rows.ts';

const runTransaction = createRunTransaction(firestore);
const stream = { expectedVersion: 'any' } as const;

beforeEach(() => clearFirestore(firestore));

describe('in a transaction of this backend, an emit', () => {
  test('is written with the transaction, without a read of its own', async () => {
    const billed = await measure(firestore, () =>
      runTransaction('t1', async (transaction) => {
        await emit(aNote(), { transaction });
        transaction.create('notes/note1', {});
      }),
    );
    expect(billed).toEqual({ reads: 0, writes: 3, deletes: 0 });
    expect(await countDocuments()).toBe(3);
  });

  test('is not written where the callback throws', async () => {
    const failing = runTransaction('t1', async (transaction) => {
      await emit(aNote({ stream }), { transaction });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await countDocuments()).toBe(0);
  });

  test('has an id that follows from the token: another call with it collides', async () => {
    const emitTwo = () =>
      runTransaction('t1', async (transaction) => [
        (await emit(aNote(), { transaction })).eventId,
        (await emit(aNote(), { transaction })).eventId,
      ]);
    const ids = await emitTwo();
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{20}$/);
    expect((await codedErrorOf(emitTwo)).code).toBe('already-exists');
    expect(await countDocuments()).toBe(4);
  });

  test('after one in a stream has the same id in another call with the token', async () => {
    const ids: string[] = [];
    const emitBoth = () =>
      runTransaction('t1', async (transaction) => {
        await emit(aNote({ stream }), { transaction });
        ids.push((await emit(aNote(), { transaction })).eventId);
      });
    await emitBoth();
    expect((await codedErrorOf(emitBoth)).code).toBe('already-exists');
    expect(ids[0]).toBe(ids[1]);
    expect(await readStream(firestore)).toHaveLength(1);
  });

  test('with a key that this transaction has used is refused', async () => {
    const keyed = aNote({ idempotencyKey: 'k' });
    await runTransaction('t1', async (transaction) => {
      await emit(keyed, { transaction });
      for (const entityId of ['note1', 'note2']) {
        const error = await codedErrorOf(() => emit({ ...keyed, entityId }, { transaction }));
        expect(error.code).toBe('idempotency-key-reused');
      }
    });
    expect(await countDocuments()).toBe(2);
  });

  test('is refused as the 101st event', async () => {
    const failing = runTransaction('t1', async (transaction) => {
      for (let n = 0; n < 101; n += 1) await emit(aNote(), { transaction });
    });
    expect((await codedErrorOf(() => failing)).code).toBe('payload-too-large');
    expect(await countDocuments()).toBe(0);
  });
});

describe('in a transaction of Firestore’s own, an emit', () => {
  test('is written with the transaction', async () => {
    await firestore.runTransaction(async (transaction) => {
      await transaction.get(firestore.doc('notes/note1'));
      transaction.create(firestore.doc('notes/note1'), { text: 'Hello' });
      await emit(aNote(), { transaction });
    });
    expect(await countDocuments()).toBe(3);
  });

  test('can append to a stream, and move a head on the feature’s own document', async () => {
    await firestore.doc('notes/note1').create({ text: 'old' });
    const headed = { expectedVersion: 0, headPath: 'notes/note1' };
    await firestore.runTransaction(async (transaction) => {
      await emit(aNote({ stream: headed }), { transaction });
      transaction.update(firestore.doc('notes/note1'), { text: 'new' });
    });
    const note = await read('notes/note1');
    expect(note).toMatchObject({ text: 'new', stream: { version: 1 } });
    expect((await readStream(firestore)).map(({ streamVersion }) => streamVersion)).toEqual([1]);
  });

  test('is counted with the others of the transaction', async () => {
    const emitMany = (count: number) =>
      firestore.runTransaction(async (transaction) => {
        for (let n = 0; n < count; n += 1) {
          await emit(aNote({ entityId: `note${n}` }), { transaction });
        }
      });
    await emitMany(100);
    await clearFirestore(firestore);
    expect((await codedErrorOf(() => emitMany(101))).code).toBe('payload-too-large');
    expect(await countDocuments()).toBe(0);
  });

  test('of the same type about the same entity is refused twice, never merged', async () => {
    const twice = firestore.runTransaction(async (transaction) => {
      await emit(aNote(), { transaction });
      await emit(aNote({ payload: { text: 'other' } }), { transaction });
    });
    await expect(twice).rejects.toMatchObject({ code: expect.any(Number) });
    expect(await countDocuments()).toBe(0);
  });

  test('keeps its id and its version when the callback is run again on contention', async () => {
    await firestore.doc('notes/note1').create({ text: 'old' });
    const ids: string[] = [];
    await firestore.runTransaction(async (transaction) => {
      await transaction.get(firestore.doc('notes/note1'));
      const { eventId } = await emit(aNote({ stream }), { transaction });
      const plain = await emit(aNote({ entityId: 'note2' }), { transaction });
      ids.push(`${eventId} ${plain.eventId}`);
      // As the client says it when another transaction was faster.
      if (ids.length === 1) throw Object.assign(new Error('contention'), { code: 10 });
    });
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBe(ids[1]);
    expect(await readStream(firestore)).toHaveLength(1);
    expect(await read(`streams/${noteStream}`)).toMatchObject({ stream: { version: 1 } });
  });
});
