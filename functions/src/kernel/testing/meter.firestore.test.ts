import { beforeEach, describe, expect, test } from '@jest/globals';
import { initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import { systemIds } from '../system.ts';
import { measure } from './meter.ts';

const firestore = getFirestore(initializeApp());
let collection = firestore.collection('things');

beforeEach(() => {
  collection = firestore.collection(systemIds.documentId());
});

async function seed(documents: number): Promise<void> {
  const batch = firestore.batch();
  for (let n = 0; n < documents; n += 1) batch.create(collection.doc(`d${n}`), { n });
  await batch.commit();
}

describe('the meter counts', () => {
  test('a document that exists and one that does not as a read each', async () => {
    await seed(1);
    const billed = await measure(firestore, () =>
      firestore.getAll(collection.doc('d0'), collection.doc('none')),
    );
    expect(billed).toEqual({ reads: 2, writes: 0, deletes: 0 });
  });

  test('a query by its documents, and an empty one as one', async () => {
    await seed(3);
    const full = await measure(firestore, () => collection.where('n', '>=', 0).get());
    const empty = await measure(firestore, () => collection.where('n', '>', 9).get());
    expect([full.reads, empty.reads]).toEqual([3, 1]);
  });

  test('an aggregation as one read', async () => {
    await seed(3);
    expect(await measure(firestore, () => collection.count().get())).toMatchObject({ reads: 1 });
  });

  test('the writes and deletes of a batch', async () => {
    await seed(2);
    const billed = await measure(firestore, () =>
      firestore
        .batch()
        .update(collection.doc('d0'), { n: 7 })
        .create(collection.doc('new'), {})
        .delete(collection.doc('d1'))
        .commit(),
    );
    expect(billed).toEqual({ reads: 0, writes: 2, deletes: 1 });
  });

  test('nothing for a commit that is refused', async () => {
    await seed(1);
    const billed = await measure(firestore, () =>
      collection
        .doc('d0')
        .create({})
        .catch(() => 'refused'),
    );
    expect(billed).toEqual({ reads: 0, writes: 0, deletes: 0 });
  });

  test('only the writes of a bulk writer that succeed', async () => {
    await seed(1);
    const billed = await measure(firestore, async () => {
      const writer = firestore.bulkWriter();
      const fails = writer.create(collection.doc('d0'), {}).catch(() => 'refused');
      const succeeds = writer.create(collection.doc('d1'), {});
      await writer.close();
      await Promise.all([fails, succeeds]);
    });
    expect(billed).toEqual({ reads: 0, writes: 1, deletes: 0 });
  });

  test('reads and writes of a transaction', async () => {
    await seed(1);
    const billed = await measure(firestore, () =>
      firestore.runTransaction(async (transaction) => {
        await transaction.get(collection.doc('d0'));
        transaction.update(collection.doc('d0'), { n: 1 });
      }),
    );
    expect(billed).toEqual({ reads: 1, writes: 1, deletes: 0 });
  });

  test('nothing any more when the work has ended, however it ended', async () => {
    const failing = measure(firestore, async () => {
      await collection.doc('d0').get();
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await collection.doc('d0').get();
    expect(await measure(firestore, async () => {})).toEqual({ reads: 0, writes: 0, deletes: 0 });
  });
});
