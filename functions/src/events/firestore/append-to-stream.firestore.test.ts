import { beforeEach, describe, expect, test } from '@jest/globals';
import { systemIds } from '#kernel';
import { createRunTransaction } from '#kernel/firestore';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { measure } from '../../kernel/testing/meter.ts';
import type { EmitResult } from '../emit/emit-result.ts';
import type { TypedEventInput } from '../emit/emit.ts';
import { decodeEvent } from '../emit/event-document.ts';
import { appendToStream } from '../streams/append-to-stream.ts';
import { loadStream } from '../streams/load-stream.ts';
import { StreamConflictError } from '../streams/stream.ts';
import type { StreamRef } from '../streams/stream-source.ts';
import type { TestEvent } from '../testing/catalog.ts';
import { allOf } from '../testing/all-of.ts';
import { codedErrorOf } from '../testing/failure.ts';
import { countDocuments, emit, firestore } from '../testing/firestore-log.ts';
import { createFirestoreStreamSource } from './stream-source.ts';

const source = createFirestoreStreamSource(firestore, decodeEvent);
const runTransaction = createRunTransaction(firestore);
const note: StreamRef = { orgId: 'org1', entityType: 'note', entityId: 'note1' };
const CONTENTION_TIMEOUT_MS = 60_000;

beforeEach(() => clearFirestore(firestore));

const actor = { actorType: 'user', actorId: 'uid1' } as const;
type Said = Omit<TypedEventInput<TestEvent>, 'orgId' | 'entityType' | 'entityId' | 'stream'>;
const said = (any: unknown): Said =>
  ({ eventType: 'note.added', payload: { any }, actor }) as unknown as Said;

function append(expectedVersion: number | 'any', events: readonly Said[], stream = note) {
  return runTransaction(systemIds.documentId(), (transaction) =>
    appendToStream(
      (event: Said & object) => emit(event as TypedEventInput<TestEvent>, { transaction }),
      stream,
      expectedVersion,
      events,
    ),
  );
}

async function loaded(stream = note): Promise<unknown[]> {
  const events = await allOf(loadStream(source, stream));
  return events.map(({ payload }) => (payload as { any: unknown }).any);
}

describe('appending several events', () => {
  test('is one commit, in their order', async () => {
    let results: EmitResult[] = [];
    const billed = await measure(firestore, async () => {
      results = await append(0, ['a', 'b', 'c'].map(said));
    });
    // Each event and its job, and the head once.
    expect(billed).toEqual({ reads: 1, writes: 7, deletes: 0 });
    expect(results.map(({ eventId }) => eventId.slice(-3))).toEqual(['001', '002', '003']);
    expect(await loaded()).toEqual(['a', 'b', 'c']);
    const [first, , third] = await allOf(loadStream(source, note));
    expect(first!.recordedAtMs).toBe(third!.recordedAtMs);
  });

  test('goes on from the version it expects, or from any', async () => {
    await append(0, ['a', 'b'].map(said));
    await append(2, ['c', 'd'].map(said));
    await append('any', ['e', 'f'].map(said));
    expect(await loaded()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  test('keeps the head where it is said to be', async () => {
    const stream = { ...note, headPath: 'notes/note1' };
    await append(0, ['a', 'b'].map(said), stream);
    expect((await firestore.doc('notes/note1').get()).get('stream.version')).toBe(2);
    expect(await loaded(stream)).toEqual(['a', 'b']);
  });

  test.each([0, 1, 3])(
    'is a conflict for version %d where 2 is the actual one',
    async (version) => {
      await append(0, ['a', 'b'].map(said));
      const before = await countDocuments();
      const error = await codedErrorOf(() => append(version, ['c', 'd'].map(said)));
      expect(error).toBeInstanceOf(StreamConflictError);
      expect(error).toMatchObject({ expectedVersion: version, actualVersion: 2 });
      expect(await countDocuments()).toBe(before);
    },
  );

  test('writes none of them where one cannot be written', async () => {
    const error = await codedErrorOf(() => append(0, [said('a'), said(Number.NaN)]));
    expect(error.code).toBe('invalid-event');
    expect(await countDocuments()).toBe(0);
  });

  test('takes a hundred, and not one more', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => said(index));
    await append(0, many(100));
    expect(await loaded()).toHaveLength(100);
    expect((await codedErrorOf(() => append(100, many(101)))).code).toBe('payload-too-large');
    expect(await loaded()).toHaveLength(100);
  });

  test('of none is nothing', async () => {
    expect(await append(7, [])).toEqual([]);
    expect(await countDocuments()).toBe(0);
  });

  test(
    'at once by five that expect the same version: one is written, whole; four learn the actual one',
    async () => {
      const outcomes = await Promise.allSettled(
        ['a', 'b', 'c', 'd', 'e'].map((name) => append(0, [said(name), said(name)])),
      );
      const reasons = outcomes.flatMap((one): unknown[] =>
        one.status === 'rejected' ? [one.reason] : [],
      );
      expect(reasons).toHaveLength(4);
      for (const reason of reasons) {
        expect(reason).toMatchObject({ code: 'stream-conflict', actualVersion: 2 });
      }
      const [first, second, ...more] = await loaded();
      expect([first, more]).toEqual([second, []]);
    },
    CONTENTION_TIMEOUT_MS,
  );
});
