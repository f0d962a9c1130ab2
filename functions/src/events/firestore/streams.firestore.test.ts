import { beforeEach, describe, expect, test } from '@jest/globals';
import type { DocumentTransaction } from '#kernel';
import { systemIds } from '#kernel';
import { createRunTransaction } from '#kernel/firestore';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { measure } from '../../kernel/testing/meter.ts';
import type { EmitResult } from '../emit/emit-result.ts';
import type { EventInput } from '../emit/event-input.ts';
import { streamHash } from '../streams/stream.ts';
import { aNote } from '../testing/an-event.ts';
import { noteStream, readStream } from '../testing/event-rows.ts';
import { codedErrorOf } from '../testing/failure.ts';
import { countDocuments, emit, firestore, read } from '../testing/firestore-log.ts';

const runTransaction = createRunTransaction(firestore);

/** Contention makes the client wait for seconds before it tries again. */
const CONTENTION_TIMEOUT_MS = 30_000;

beforeEach(() => clearFirestore(firestore));

function append(expectedVersion: number | 'any', said: Partial<EventInput> = {}) {
  return runTransaction(systemIds.documentId(), (transaction) =>
    emit(aNote({ ...said, stream: { expectedVersion } }), { transaction }),
  );
}

async function versions(hash?: string): Promise<unknown[]> {
  return (await readStream(firestore, hash)).map(({ streamVersion }) => streamVersion);
}

describe('appending to a stream', () => {
  test('numbers its events from 1, with a head beside them', async () => {
    await append(0);
    await append('any');
    const { eventId } = await append(2);
    expect(eventId).toBe(`${noteStream}-000000003`);
    expect(await versions()).toEqual([1, 2, 3]);
    const { stream } = await read(`streams/${noteStream}`);
    expect(stream).toEqual({ version: 3, hash: expect.any(String), by: expect.any(String) });
  });

  test('is one read and three writes with one subscription', async () => {
    const billed = await measure(firestore, () => append('any'));
    expect(billed).toEqual({ reads: 1, writes: 3, deletes: 0 });
  });

  test(
    'leaves no gap and no double under ten at once',
    async () => {
      await Promise.all(Array.from({ length: 10 }, () => append('any')));
      expect(await versions()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect(await read(`streams/${noteStream}`)).toMatchObject({ stream: { version: 10 } });
    },
    CONTENTION_TIMEOUT_MS,
  );

  test(
    'lets one of five win that expect the same version; the others learn the actual one',
    async () => {
      await append(0);
      const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => append(1)));
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(refused).toHaveLength(4);
      for (const { reason } of refused) {
        expect(reason).toMatchObject({ code: 'stream-conflict', actualVersion: 2 });
      }
      expect(await versions()).toEqual([1, 2]);
    },
    CONTENTION_TIMEOUT_MS,
  );

  test.each([0, 2, 7])('is refused for version %d where 1 is the actual one', async (expected) => {
    await append(0);
    const before = await countDocuments();
    expect(await codedErrorOf(() => append(expected))).toMatchObject({
      code: 'stream-conflict',
      expectedVersion: expected,
      actualVersion: 1,
    });
    expect(await countDocuments()).toBe(before);
  });

  test('keeps organizations apart that name an entity alike', async () => {
    await append(0);
    await append(0, { orgId: 'org2' });
    expect(await versions()).toEqual([1]);
    expect(await versions(streamHash(aNote({ orgId: 'org2' })))).toEqual([1]);
  });
});

describe('outside a transaction an append is refused, and nothing is written:', () => {
  const streamed = aNote({ stream: { expectedVersion: 'any' } });

  test('alone', async () => {
    expect((await codedErrorOf(() => emit(streamed))).code).toBe('stream-needs-transaction');
    expect(await countDocuments()).toBe(0);
  });

  test('in a batch', async () => {
    const batch = firestore.batch();
    const error = await codedErrorOf(() => emit(streamed, { batch }));
    expect(error.code).toBe('stream-needs-transaction');
    await batch.commit();
    expect(await countDocuments()).toBe(0);
  });
});

describe('a head on the feature’s own document', () => {
  const headPath = 'notes/note1';
  const headed = (expectedVersion: number | 'any') =>
    aNote({ stream: { expectedVersion, headPath } });
  const run = (work: (tx: DocumentTransaction) => Promise<EmitResult>) =>
    measure(firestore, () => runTransaction(systemIds.documentId(), work));

  test('is one write with its creation, and no document in streams', async () => {
    const billed = await run(async (transaction) => {
      transaction.create(headPath, { text: 'Hello' });
      return emit(headed(0), { transaction });
    });
    expect(billed).toEqual({ reads: 1, writes: 3, deletes: 0 });
    expect(await read(headPath)).toMatchObject({ text: 'Hello', stream: { version: 1 } });
    expect((await firestore.doc(`streams/${noteStream}`).get()).exists).toBe(false);
  });

  test.each(['before', 'after'])('is one write with its update, said %s it', async (when) => {
    await firestore.doc(headPath).create({ text: 'old', labels: { a: 1 }, stays: true });
    const changes = { text: 'new', labels: { b: 1 } };
    const billed = await run(async (transaction) => {
      if (when === 'before') transaction.update(headPath, changes);
      const result = await emit(headed(0), { transaction });
      if (when === 'after') transaction.update(headPath, changes);
      return result;
    });
    expect(billed.writes).toBe(3);
    const stream = expect.objectContaining({ version: 1 });
    expect(await read(headPath)).toEqual({ ...changes, stays: true, stream });
  });

  test('keeps what the archive wrote into it', async () => {
    await firestore.doc(headPath).create({
      stream: { version: 5, hash: 'h', by: 'other', archivedThrough: 3 },
    });
    await run((transaction) => emit(headed(5), { transaction }));
    expect(await read(headPath)).toMatchObject({ stream: { version: 6, archivedThrough: 3 } });
  });
});

describe('in one transaction', () => {
  test('two events of one stream follow each other', async () => {
    await append(0);
    await runTransaction('t1', async (transaction) => {
      await emit(aNote({ stream: { expectedVersion: 1 } }), { transaction });
      await emit(aNote({ stream: { expectedVersion: 2 } }), { transaction });
    });
    expect(await versions()).toEqual([1, 2, 3]);
  });

  test('two events of one stream follow each other also when emitted side by side', async () => {
    const stream = { expectedVersion: 'any' } as const;
    await runTransaction('t1', (transaction) =>
      Promise.all([
        emit(aNote({ stream }), { transaction }),
        emit(aNote({ stream }), { transaction }),
      ]),
    );
    expect(await versions()).toEqual([1, 2]);
  });

  test('two streams move together or not at all', async () => {
    const both = (expectedVersion: number) =>
      runTransaction(systemIds.documentId(), async (transaction) => {
        await emit(aNote({ stream: { expectedVersion: 0 } }), { transaction });
        await emit(aNote({ entityId: 'note2', stream: { expectedVersion } }), { transaction });
      });
    expect((await codedErrorOf(() => both(1))).code).toBe('stream-conflict');
    expect(await countDocuments()).toBe(0);
    await both(0);
    expect(await versions()).toEqual([1]);
    expect(await versions(streamHash(aNote({ entityId: 'note2' })))).toEqual([1]);
  });
});
