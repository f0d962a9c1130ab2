import { beforeEach, describe, expect, test } from '@jest/globals';
import type { DocumentTransaction } from '#kernel';
import { systemIds } from '#kernel';
import { createRunTransaction } from '#kernel/firestore';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { createLosingAnswers, DEADLINE_EXCEEDED } from '../../kernel/testing/losing-answers.ts';
import { measure } from '../../kernel/testing/meter.ts';
import type { EmitResult } from '../emit/emit-result.ts';
import { aNote } from '../testing/an-event.ts';
import { noteStream, readStream } from '../testing/event-rows.ts';
import * as others from '../testing/firestore-log.ts';

// The answer to a commit may be lost: the client then runs the callback again although it has
// committed. Whoever is not this client does something in between.

const { firestore, loseCommitAnswers } = createLosingAnswers();
const emit = others.createTestEmit(firestore);
const runTransaction = createRunTransaction(firestore);

/** As the client says it when another transaction was faster. */
const contention = Object.assign(new Error('contention'), { code: 10 });

beforeEach(() => clearFirestore(firestore));

function append(transaction: DocumentTransaction, text: string, expectedVersion: number | 'any') {
  return emit(aNote({ payload: { text }, stream: { expectedVersion } }), { transaction });
}

/** Somebody else appends to the stream. */
function appendAsAnother() {
  return createRunTransaction(others.firestore)(systemIds.documentId(), (transaction) =>
    others.emit(aNote({ payload: { text: 'other' }, stream: { expectedVersion: 'any' } }), {
      transaction,
    }),
  );
}

async function texts(): Promise<unknown[]> {
  const events = await readStream(others.firestore);
  return events.map(({ payload }) => (payload as { text: string }).text);
}

/** Runs `work` twice, as its first commit's answer is lost, and checks that it heard the same twice. */
async function runTwice(
  work: (tx: DocumentTransaction, run: number) => Promise<EmitResult[]>,
  meanwhile?: () => Promise<unknown>,
): Promise<EmitResult[]> {
  loseCommitAnswers(1, { code: DEADLINE_EXCEEDED, meanwhile });
  const heard: EmitResult[][] = [];
  await runTransaction('t1', async (tx) => {
    heard.push(await work(tx, heard.length + 1));
  });
  expect(heard).toHaveLength(2);
  const [first = [], again = []] = heard;
  expect(again.slice(0, first.length)).toEqual(first);
  return again;
}

describe('a callback that is run again after it has committed answers its first success', () => {
  test.each([0, 'any'] as const)('where it appended one event, expecting %p', async (expected) => {
    const [result] = await runTwice(async (tx) => [await append(tx, 'a', expected)]);
    expect(result).toEqual({
      eventId: `${noteStream}-000000001`,
      jobIds: [`notif:org1:${noteStream}-000000001`],
      duplicate: false,
    });
    expect(await others.countDocuments()).toBe(3);
  });

  test.each([0, 'any'] as const)(
    'where somebody else has appended since, expecting %p',
    async (expected) => {
      await runTwice(async (tx) => [await append(tx, 'a', expected)], appendAsAnother);
      expect(await texts()).toEqual(['a', 'other']);
      const { stream } = await others.read(`streams/${noteStream}`);
      expect(stream).toMatchObject({ version: 2 });
    },
  );

  test('where it appended two to one stream, each with its own id', async () => {
    await appendAsAnother();
    const results = await runTwice(
      async (tx) => [await append(tx, 'a', 'any'), await append(tx, 'b', 'any')],
      appendAsAnother,
    );
    expect(results.map(({ eventId }) => eventId)).toEqual([
      `${noteStream}-000000002`,
      `${noteStream}-000000003`,
    ]);
    expect(await texts()).toEqual(['other', 'a', 'b', 'other']);
  });

  test('where it appended to two streams', async () => {
    const other = aNote({ entityId: 'note2', stream: { expectedVersion: 0 } });
    await runTwice(async (tx) => [
      await append(tx, 'a', 0),
      await emit(other, { transaction: tx }),
    ]);
    expect(await others.countDocuments()).toBe(6);
  });

  test('where the head is on the feature’s own document', async () => {
    await firestore.doc('notes/note1').create({ text: 'old' });
    const stream = { expectedVersion: 0, headPath: 'notes/note1' };
    await runTwice(async (tx) => {
      tx.update('notes/note1', { text: 'new' });
      return [await emit(aNote({ stream }), { transaction: tx })];
    });
    expect(await others.read('notes/note1')).toMatchObject({ text: 'new', stream: { version: 1 } });
  });

  test('where its events are in no stream, with a key or without', async () => {
    const results = await runTwice(async (transaction) => [
      await emit(aNote(), { transaction }),
      await emit(aNote(), { transaction }),
      await emit(aNote({ idempotencyKey: 'k' }), { transaction }),
    ]);
    expect(new Set(results.map(({ eventId }) => eventId)).size).toBe(3);
    expect(await others.countDocuments()).toBe(6);
  });

  test('where it emitted side by side and the second time in another order', async () => {
    const emitOf = (tx: DocumentTransaction) => (entityId: string) =>
      emit(aNote({ entityId, stream: { expectedVersion: 'any' } }), { transaction: tx });
    await runTwice(async (tx, run) => {
      const ids = ['note1', 'note2'];
      const results = await Promise.all((run === 1 ? ids : ids.toReversed()).map(emitOf(tx)));
      return run === 1 ? results : results.toReversed();
    });
    expect(await others.countDocuments()).toBe(6);
  });
});

describe('a callback that is run again', () => {
  test('appends what it did not append the first time', async () => {
    await runTwice(async (tx, run) => [
      await append(tx, 'a', 0),
      ...(run === 1 ? [] : [await append(tx, 'b', 1)]),
    ]);
    expect(await texts()).toEqual(['a', 'b']);
  });

  test('because others were faster appends after them, once, whatever it had planned', async () => {
    let runs = 0;
    await runTransaction('t1', async (tx) => {
      runs += 1;
      if (runs === 2) await appendAsAnother();
      await append(tx, 'a', 'any');
      await append(tx, 'b', 'any');
      if (runs === 1) throw contention;
    });
    expect(await texts()).toEqual(['other', 'a', 'b']);
  });

  test('reads each event it had planned once; a first run reads none of them', async () => {
    const emitThree = (lost: boolean) =>
      measure(firestore, () => {
        if (lost) loseCommitAnswers(1, { code: DEADLINE_EXCEEDED });
        return runTransaction(systemIds.documentId(), async (tx) => {
          await append(tx, 'a', 'any');
          await append(tx, 'b', 'any');
          await emit(aNote(), { transaction: tx });
        });
      });
    expect(await emitThree(false)).toEqual({ reads: 1, writes: 7, deletes: 0 });
    // The head in the first run, three events in the second, which writes nothing.
    expect((await emitThree(true)).reads).toBe(1 + 3);
  });
});

test('another transaction appends although the last event is not its own', async () => {
  await runTransaction('t1', (tx) => append(tx, 'a', 0));
  await runTransaction('t2', (tx) => append(tx, 'b', 1));
  expect(await texts()).toEqual(['a', 'b']);
});

describe('in a transaction of Firestore’s own, a callback that is run again', () => {
  const streamed = aNote({ stream: { expectedVersion: 'any' } });

  test('after it has committed answers its first success, whoever appended since', async () => {
    loseCommitAnswers(1, { code: DEADLINE_EXCEEDED, meanwhile: appendAsAnother });
    const heard: EmitResult[][] = [];
    await firestore.runTransaction(async (transaction) => {
      const results = [
        await emit(streamed, { transaction }),
        await emit(aNote(), { transaction }),
        await emit(aNote({ entityId: 'note2' }), { transaction }),
      ];
      heard.push(results);
    });
    expect(heard).toHaveLength(2);
    expect(heard[1]).toEqual(heard[0]);
    // Three events of its own, another's, a job for each, and the head.
    expect(await others.countDocuments()).toBe(9);
  });

  test('because others were faster writes all of it, once', async () => {
    let runs = 0;
    await firestore.runTransaction(async (transaction) => {
      runs += 1;
      if (runs === 2) await appendAsAnother();
      await emit(streamed, { transaction });
      transaction.set(firestore.doc('notes/note1'), { text: 'new' });
      await emit(aNote(), { transaction });
      await emit(aNote({ entityId: 'note2' }), { transaction });
      if (runs === 1) throw contention;
    });
    expect(await texts()).toEqual(['other', 'Hello']);
    expect(await others.countDocuments()).toBe(10);
  });
});
