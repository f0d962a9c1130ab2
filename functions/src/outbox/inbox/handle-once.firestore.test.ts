import { beforeEach, describe, expect, test } from '@jest/globals';
import { getFirestore } from 'firebase-admin/firestore';
import { initializeApp } from 'firebase-admin/app';
import { createRunTransaction } from '#kernel/firestore';
import type { DocumentTransaction } from '#kernel';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import type { Handling } from './handle-once.ts';
import { handleOnce } from './handle-once.ts';

const firestore = getFirestore(initializeApp());
const runTransaction = createRunTransaction(firestore);
const billing: Handling = { subscription: 'billing', eventId: 'event1' };
let tokens = 0;

beforeEach(() => clearFirestore(firestore));

/** Adds one to a counter, once per handling. */
function count(handling: Handling) {
  tokens += 1;
  const work = async (tx: DocumentTransaction): Promise<number> => {
    const { data } = await tx.get('counters/c');
    const n = Number(data?.['n'] ?? 0) + 1;
    tx.merge('counters/c', { n });
    return n;
  };
  return runTransaction(`token${tokens}`, (tx) => handleOnce(tx, handling, work));
}

async function counted(): Promise<unknown> {
  return (await firestore.doc('counters/c').get()).data()?.['n'];
}

describe('a consumer with effects of its own', () => {
  test('handles an event once, however often it arrives', async () => {
    expect(await count(billing)).toEqual({ kind: 'handled', result: 1 });
    expect(await count(billing)).toEqual({ kind: 'handled-before' });
    expect(await counted()).toBe(1);
  });

  test('handles it once when it arrives several times at the same moment', async () => {
    const results = await Promise.all([count(billing), count(billing), count(billing)]);
    expect(results.filter(({ kind }) => kind === 'handled')).toHaveLength(1);
    expect(await counted()).toBe(1);
  });

  test('does not keep another subscription from handling it', async () => {
    await count(billing);
    await count({ ...billing, subscription: 'shipping' });
    expect(await counted()).toBe(2);
  });

  test('handles it again when the first time failed', async () => {
    const failing = runTransaction('failing', (tx) =>
      handleOnce(tx, billing, () => Promise.reject(new Error('no'))),
    );
    await expect(failing).rejects.toThrow('no');
    expect(await count(billing)).toMatchObject({ kind: 'handled' });
  });

  test('keeps the note for 90 days', async () => {
    await count(billing);
    const [note] = (await firestore.collection('inbox').get()).docs;
    const data = note?.data();
    expect(data).toMatchObject(billing);
    const { handledAt, expireAt } = data as Record<string, { toMillis(): number }>;
    const keptMs = Number(expireAt?.toMillis()) - Number(handledAt?.toMillis());
    expect(Math.abs(keptMs - 90 * 86_400_000)).toBeLessThan(60_000);
  });
});
