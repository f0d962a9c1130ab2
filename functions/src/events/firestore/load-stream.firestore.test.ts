import { beforeEach, describe, expect, test } from '@jest/globals';
import { systemIds } from '#kernel';
import { createRunTransaction } from '#kernel/firestore';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { measure } from '../../kernel/testing/meter.ts';
import { decodeEvent } from '../emit/event-document.ts';
import type { StreamRange } from '../streams/load-stream.ts';
import { loadStream } from '../streams/load-stream.ts';
import { StreamArchivedError, StreamBrokenError } from '../streams/stream-errors.ts';
import type { StreamRef } from '../streams/stream-source.ts';
import { aNote } from '../testing/an-event.ts';
import { noteStream } from '../testing/event-rows.ts';
import { allOf } from '../testing/all-of.ts';
import { codedErrorOf } from '../testing/failure.ts';
import { emit, firestore } from '../testing/firestore-log.ts';
import { planStream, recordedAt } from '../testing/planned-stream.ts';
import { writeAll } from '../testing/write-all.ts';
import { createFirestoreStreamSource } from './stream-source.ts';

const source = createFirestoreStreamSource(firestore, decodeEvent);
const note: StreamRef = { orgId: 'org1', entityType: 'note', entityId: 'note1' };
const runTransaction = createRunTransaction(firestore);
const eventOf = (version: number) =>
  firestore.doc(`domain_events/${noteStream}-${String(version).padStart(9, '0')}`);

beforeEach(() => clearFirestore(firestore));

function load(range?: StreamRange, stream = note) {
  return allOf(loadStream(source, stream, range));
}

async function versions(range?: StreamRange): Promise<number[]> {
  return (await load(range)).map(({ streamVersion }) => streamVersion);
}

/** A stream of so many notes, its neighbours in the order of ids being there as well. */
async function aStream(count: number): Promise<void> {
  await writeAll(firestore, planStream(count).writes);
  for (const id of [noteStream, `${noteStream}-1000000000`, `${noteStream}.`, 'zzz']) {
    await firestore.doc(`domain_events/${id}`).set({ is: 'no event of this stream' });
  }
}

const upTo = (last: number, first = 1) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('a stream', () => {
  test('is what was appended to it, in version order, with when', async () => {
    for (const any of ['a', 'b']) {
      await runTransaction(systemIds.documentId(), (transaction) =>
        emit(aNote({ payload: { any }, stream: { expectedVersion: 'any' } }), { transaction }),
      );
    }
    const [first, second] = await load();
    expect(first).toMatchObject({ streamVersion: 1, payload: { any: 'a' }, entityId: 'note1' });
    expect(second).toMatchObject({ streamVersion: 2, payload: { any: 'b' } });
    expect(second!.recordedAtMs).toBeGreaterThan(first!.recordedAtMs - 1);
    const stored = (await eventOf(2).get()).createTime?.toMillis() ?? 0;
    expect(Math.abs(second!.recordedAtMs - stored)).toBeLessThan(1_000);
  });

  test('that nobody appended to is empty', async () => {
    expect(await load()).toEqual([]);
  });

  test('of 1,200 events is loaded in pages, with one read for its head', async () => {
    await aStream(1_200);
    let loaded: number[] = [];
    const billed = await measure(firestore, async () => {
      loaded = await versions();
    });
    expect(loaded).toEqual(upTo(1_200));
    expect(billed).toEqual({ reads: 1_201, writes: 0, deletes: 0 });
  });

  test('is read no further than its reader goes', async () => {
    await aStream(600);
    const billed = await measure(firestore, async () => {
      for await (const { streamVersion } of loadStream(source, note)) {
        if (streamVersion === 400) break;
      }
    });
    expect(billed.reads).toBe(501);
  });

  test.each<[StreamRange, readonly number[]]>([
    [{ fromVersion: 5 }, upTo(9, 5)],
    [{ toVersion: 5 }, upTo(5)],
    [{ fromVersion: 3, toVersion: 3 }, [3]],
    [{ fromVersion: 4, toVersion: 3 }, []],
    [{ toVersion: 0 }, []],
    [{ toVersion: 999_999_999 }, upTo(9)],
    [{ fromVersion: 10 }, []],
    [{ at: recordedAt(4) }, upTo(4)],
    [{ at: new Date(recordedAt(4).getTime() - 1) }, upTo(3)],
    [{ at: recordedAt(0) }, []],
    [{ at: recordedAt(100) }, upTo(9)],
    [{ fromVersion: 3, toVersion: 7, at: recordedAt(5) }, upTo(5, 3)],
  ])('by %p', async (range, expected) => {
    await aStream(9);
    expect(await versions(range)).toEqual(expected);
  });

  test.each<[string, StreamRange]>([
    ['fromVersion', { fromVersion: 0 }],
    ['fromVersion', { fromVersion: 1.5 }],
    ['fromVersion', { fromVersion: Number.NaN }],
    ['toVersion', { toVersion: -1 }],
    ['toVersion', { toVersion: 1_000_000_000 }],
    ['at', { at: new Date(Number.NaN) }],
  ])('is not loaded by a wrong %s: %p', async (path, range) => {
    const { code, problems } = await codedErrorOf(() => load(range));
    expect([code, problems.map((problem) => problem.path)]).toEqual(['invalid-input', [path]]);
  });

  test('whose head is elsewhere is found there, and not taken for empty where it is not', async () => {
    const headPath = 'notes/note1';
    await runTransaction(systemIds.documentId(), (transaction) =>
      emit(aNote({ stream: { expectedVersion: 0, headPath } }), { transaction }),
    );
    expect(await load({}, { ...note, headPath })).toHaveLength(1);
    expect(await codedErrorOf(() => load())).toBeInstanceOf(StreamBrokenError);
  });
});

describe('a stream that was tampered with is refused, by the version that is wrong:', () => {
  test.each<[string, number, () => Promise<unknown>]>([
    ['an event gone', 2, () => eventOf(2).delete()],
    ['the first gone', 1, () => eventOf(1).delete()],
    ['the last gone', 4, () => eventOf(4).delete()],
    ['all gone', 1, async () => Promise.all([1, 2, 3, 4].map((v) => eventOf(v).delete()))],
    ['an event that is none', 3, () => eventOf(3).set({ is: 'none' })],
    ['an event without a time', 3, () => eventOf(3).update({ timestamp: null })],
    ['another content hash', 3, () => eventOf(2).update({ contentHash: 'x' })],
    ['another content hash of the last', 4, () => eventOf(4).update({ contentHash: 'x' })],
    ['another link', 3, () => eventOf(3).update({ previousHash: 'x' })],
    ['a first event that follows another', 1, () => eventOf(1).update({ previousHash: 'x' })],
    ['another version', 2, () => eventOf(2).update({ streamVersion: 3 })],
    ['a head gone', 1, () => firestore.doc(`streams/${noteStream}`).delete()],
  ])('%s', async (_, version, tamper) => {
    await aStream(4);
    expect(await versions()).toEqual([1, 2, 3, 4]);
    await tamper();
    const error = await codedErrorOf(() => load());
    expect(error).toBeInstanceOf(StreamBrokenError);
    expect(error).toMatchObject({ code: 'stream-broken', version });
  });
});

describe('a stream whose first events are in the archive', () => {
  beforeEach(async () => {
    await aStream(6);
    await Promise.all([1, 2, 3].map((version) => eventOf(version).delete()));
    await firestore.doc(`streams/${noteStream}`).update({ 'stream.archivedThrough': 3 });
  });

  test.each([{}, { fromVersion: 3 }, { toVersion: 2 }, { at: recordedAt(2) }])(
    'is refused by %p, and never silently less',
    async (range) => {
      const billed = await measure(firestore, async () => {
        const error = await codedErrorOf(() => load(range));
        expect(error).toBeInstanceOf(StreamArchivedError);
        expect(error).toMatchObject({ code: 'archived', archivedThrough: 3 });
      });
      // By its head alone.
      expect(billed.reads).toBe(1);
    },
  );

  test('is loaded from the next one on', async () => {
    expect(await versions({ fromVersion: 4 })).toEqual([4, 5, 6]);
  });

  test('is archived, not broken, also where that happens between two pages', async () => {
    const old = { version: 6, hash: 'h', by: 'b' };
    let reads = 0;
    const late = {
      ...source,
      read: async (path: string) => ((reads += 1) === 1 ? { stream: old } : source.read(path)),
    };
    const error = await codedErrorOf(() => allOf(loadStream(late, note)));
    expect(error).toMatchObject({ code: 'archived', archivedThrough: 3 });
  });
});
