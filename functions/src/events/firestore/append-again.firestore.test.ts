import { beforeEach, describe, expect, test } from '@jest/globals';
import type { DocumentTransaction } from '#kernel';
import { createRunTransaction } from '#kernel/firestore';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import type { EmitResult } from '../emit/emit-result.ts';
import { aNote } from '../testing/an-event.ts';
import { noteStream, readStream } from '../testing/event-rows.ts';
import { countDocuments, emit, firestore, read } from '../testing/firestore-log.ts';

// The answer to a commit may be lost: the client then runs the callback again although it has
// committed. Here the first run commits, and the same callback runs again with the same token.

const runTransaction = createRunTransaction(firestore);

beforeEach(() => clearFirestore(firestore));

function append(transaction: DocumentTransaction, text: string, expectedVersion: number | 'any') {
  return emit(aNote({ payload: { text }, stream: { expectedVersion } }), { transaction });
}

async function runTwice(
  work: (tx: DocumentTransaction) => Promise<EmitResult[]>,
): Promise<EmitResult[]> {
  const first = await runTransaction('t1', work);
  expect(await runTransaction('t1', work)).toEqual(first);
  return first;
}

describe('a callback that is run again after it has committed answers its first success', () => {
  test.each([0, 'any'] as const)('where it appended one event, expecting %p', async (expected) => {
    const [result] = await runTwice(async (tx) => [await append(tx, 'a', expected)]);
    expect(result).toEqual({
      eventId: `${noteStream}-000000001`,
      jobIds: [`notif:org1:${noteStream}-000000001`],
      duplicate: false,
    });
    expect(await countDocuments()).toBe(3);
  });

  test('where it appended two to one stream, each with its own id', async () => {
    await runTransaction('t0', (tx) => append(tx, 'earlier', 0));
    const results = await runTwice(async (tx) => [
      await append(tx, 'a', 'any'),
      await append(tx, 'b', 'any'),
    ]);
    expect(results.map(({ eventId }) => eventId)).toEqual([
      `${noteStream}-000000002`,
      `${noteStream}-000000003`,
    ]);
    expect(await readStream(firestore)).toHaveLength(3);
  });

  test('where it appended to two streams', async () => {
    const other = aNote({ entityId: 'note2', stream: { expectedVersion: 0 } });
    await runTwice(async (tx) => [
      await append(tx, 'a', 0),
      await emit(other, { transaction: tx }),
    ]);
    expect(await countDocuments()).toBe(6);
  });

  test('where the head is on the feature’s own document', async () => {
    await firestore.doc('notes/note1').create({ text: 'old' });
    const stream = { expectedVersion: 0, headPath: 'notes/note1' };
    await runTwice(async (tx) => {
      tx.update('notes/note1', { text: 'new' });
      return [await emit(aNote({ stream }), { transaction: tx })];
    });
    expect(await read('notes/note1')).toMatchObject({ text: 'new', stream: { version: 1 } });
  });
});

test('what the second run appends beyond the first is appended', async () => {
  await runTransaction('t1', (tx) => append(tx, 'a', 0));
  const second = await runTransaction('t1', async (tx) => [
    await append(tx, 'a', 0),
    await append(tx, 'b', 1),
  ]);
  expect(second.map(({ eventId }) => eventId.slice(-1))).toEqual(['1', '2']);
  const events = await readStream(firestore);
  expect(events.map(({ payload }) => payload)).toEqual([{ text: 'a' }, { text: 'b' }]);
});

test('another transaction appends although the last event is not its own', async () => {
  await runTransaction('t1', (tx) => append(tx, 'a', 0));
  await runTransaction('t2', (tx) => append(tx, 'a', 1));
  expect(await readStream(firestore)).toHaveLength(2);
});
