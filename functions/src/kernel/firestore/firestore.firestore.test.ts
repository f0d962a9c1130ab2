import { beforeEach, describe, expect, test } from '@jest/globals';
import { initializeApp } from 'firebase-admin/app';
import { FieldValue, getFirestore, Timestamp } from 'firebase-admin/firestore';
import type { DocumentTransaction } from '../documents.ts';
import { DELETE_FIELD, SERVER_TIME } from '../documents.ts';
import {
  addWrite,
  ALREADY_EXISTS,
  createDocumentReader,
  createRunTransaction,
  buildQuery,
  millisOf,
  timestampOf,
  toFirestore,
} from './index.ts';
import { CodedError } from '../errors.ts';
import { clearFirestore } from '../testing/clear-firestore.ts';
import { measure } from '../testing/meter.ts';

const firestore = getFirestore(initializeApp());
const reader = createDocumentReader(firestore);
const runTransaction = createRunTransaction(firestore);

beforeEach(() => clearFirestore(firestore));

async function stored(path: string): Promise<unknown> {
  return (await firestore.doc(path).get()).data();
}

describe('toFirestore', () => {
  test('turns the sentinels into Firestore’s own, at any depth of plain objects', () => {
    const data = { a: SERVER_TIME, b: { c: DELETE_FIELD, d: [1] }, e: null };
    expect(toFirestore(data)).toEqual({
      a: FieldValue.serverTimestamp(),
      b: { c: FieldValue.delete(), d: [1] },
      e: null,
    });
  });

  test('leaves times and other objects as they are', () => {
    const time = timestampOf(1_500);
    expect(toFirestore({ time })['time']).toBe(time);
    expect([millisOf(time), millisOf('1970'), millisOf(undefined)]).toEqual([
      1_500,
      undefined,
      undefined,
    ]);
  });
});

describe('the reader', () => {
  test('answers a document with its path, data and the server’s time', async () => {
    await firestore.doc('things/a').create({ n: 1 });
    const [found, missing] = await reader.getAll(['things/a', 'things/none']);
    expect(found).toEqual({ path: 'things/a', data: { n: 1 }, readAtMs: expect.any(Number) });
    expect(missing?.data).toBeUndefined();
    expect(await reader.get('things/a')).toMatchObject({ data: { n: 1 } });
    expect(await reader.getAll([])).toEqual([]);
  });

  test('lists what equals, up to the limit', async () => {
    for (const id of ['a', 'b', 'c']) await firestore.doc(`things/${id}`).create({ n: 1, m: 2 });
    await firestore.doc('things/d').create({ n: 1, m: 3 });
    expect(await reader.list('things', ['m', 2], 9)).toHaveLength(3);
    expect(await reader.list('things', ['n', 1], 2)).toHaveLength(2);
  });
});

describe('a merge', () => {
  test('replaces each field it names as a whole, as the buffer shows it to readers', async () => {
    await firestore.doc('things/a').create({ head: { version: 1, hash: 'x' }, name: 'n' });
    const seen = await runTransaction('t', async (tx) => {
      tx.merge('things/a', { head: { version: 2 } });
      return (await tx.get('things/a')).data;
    });
    expect(seen).toEqual({ head: { version: 2 }, name: 'n' });
    expect(await stored('things/a')).toEqual({ head: { version: 2 }, name: 'n' });
  });

  test('creates what is not there and takes out what it deletes', async () => {
    const batch = firestore.batch();
    addWrite(firestore, batch, {
      kind: 'merge',
      path: 'things/a',
      data: { a: 1, b: DELETE_FIELD },
    });
    await batch.commit();
    expect(await stored('things/a')).toEqual({ a: 1 });
  });
});

describe('a transaction', () => {
  test('takes reads and writes in any order and writes each document once', async () => {
    await firestore.doc('things/a').create({ n: 1 });
    const billed = await measure(firestore, () =>
      runTransaction('token', async (tx) => {
        tx.update('things/a', { n: 2 });
        expect((await tx.get('things/a')).data).toEqual({ n: 2 });
        tx.update('things/a', { m: SERVER_TIME });
        tx.create('things/b', { by: tx.token });
      }),
    );
    expect(billed).toEqual({ reads: 1, writes: 2, deletes: 0 });
    expect(await stored('things/a')).toEqual({ n: 2, m: expect.any(Timestamp) });
    expect(await stored('things/b')).toEqual({ by: 'token' });
  });

  test('deletes with all else that it writes, and shows it gone before that', async () => {
    await firestore.doc('things/a').create({ n: 1 });
    const work = (fails: boolean) =>
      runTransaction('t', async (tx) => {
        tx.delete('things/a');
        const seen = (await tx.get('things/a')).data;
        tx.create('things/b', { isSeen: seen !== undefined });
        if (fails) throw new Error('no');
      });
    await expect(work(true)).rejects.toThrow('no');
    expect(await stored('things/a')).toEqual({ n: 1 });
    await work(false);
    expect([await stored('things/a'), await stored('things/b')]).toEqual([
      undefined,
      { isSeen: false },
    ]);
  });

  test('asks for a document once, however often it is read', async () => {
    const billed = await measure(firestore, () =>
      runTransaction('token', (tx) => Promise.all([tx.get('things/a'), tx.get('things/a')])),
    );
    expect(billed.reads).toBe(1);
  });

  test('writes nothing when its callback throws', async () => {
    const failing = runTransaction('token', async (tx) => {
      tx.create('things/a', {});
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await stored('things/a')).toBeUndefined();
  });

  test('says that what it creates exists already, and not what that is', async () => {
    await firestore.doc('things/a').create({});
    const failing = runTransaction('token', async (tx) => tx.create('things/a', {}));
    await expect(failing).rejects.toMatchObject({
      code: 'already-exists',
      message: expect.not.stringContaining('things'),
      cause: expect.objectContaining({ code: ALREADY_EXISTS }),
    });
  });

  test('says that others were faster, when it has tried as often as the client does', async () => {
    let runs = 0;
    const failing = runTransaction('token', async () => {
      runs += 1;
      throw Object.assign(new Error('too much contention'), { code: 10 });
    });
    await expect(failing).rejects.toMatchObject({ code: 'contention' });
    expect(runs).toBe(5);
  }, 60_000);

  test('throws what its callback throws', async () => {
    const error = new CodedError('not-found', 'No such thing.');
    const failing = runTransaction('token', async () => {
      throw error;
    });
    await expect(failing).rejects.toBe(error);
  });

  test('that only reads is refused what it writes all the same', async () => {
    await firestore.doc('notes/a').create({ text: 'A' });
    const read = await runTransaction('t', (tx) => tx.get('notes/a'), { isReadOnly: true });
    expect(read.data).toEqual({ text: 'A' });
    const writing = async (tx: DocumentTransaction) => tx.create('notes/b', {});
    await expect(runTransaction('t', writing, { isReadOnly: true })).rejects.toThrow(/read.?only/i);
    expect(await stored('notes/b')).toBeUndefined();
  });

  test('remembers from run to run, and nothing of another transaction', async () => {
    const found: unknown[] = [];
    const remember = () =>
      runTransaction('token', async ({ memory }) => {
        found.push(memory.get('runs'));
        memory.set('runs', String(found.length));
        if (found.length === 1) throw Object.assign(new Error('contention'), { code: 10 });
      });
    await remember();
    await remember();
    expect(found).toEqual([undefined, '1', undefined]);
  });
});

describe('a declared query', () => {
  const shape = {
    collectionGroup: 'things',
    equals: ['slot'],
    orderBy: ['at', 'asc'],
  } as const;
  const things = firestore.collection('things');

  async function idsOf(values: Omit<Parameters<typeof buildQuery>[2], 'limit'>): Promise<string[]> {
    const page = await buildQuery(things, shape, { limit: 9, ...values }).get();
    return page.docs.map(({ id }) => id);
  }

  test('bounds are whole milliseconds and inclusive, whatever microseconds are stored', async () => {
    const micros = (ms: number, us: number) => new Timestamp(0, ms * 1e6 + us * 1e3);
    const times = {
      before: micros(9, 999),
      first: micros(10, 0),
      last: micros(12, 999),
      after: micros(13, 0),
    };
    for (const [id, at] of Object.entries(times)) await things.doc(id).create({ slot: 1, at });
    expect(await idsOf({ equals: { slot: 1 }, fromMs: 10, throughMs: 12 })).toEqual([
      'first',
      'last',
    ]);
  });

  test('a list asks for any of its values, in one order', async () => {
    for (const slot of [3, 1, 2])
      await things.doc(`s${slot}`).create({ slot, at: timestampOf(slot) });
    expect(await idsOf({ equals: { slot: [3, 1] } })).toEqual(['s1', 's3']);
  });

  test('without an order it only matches and limits', async () => {
    await things.doc('a').create({ kind: 'x' });
    const unordered = { collectionGroup: 'things', equals: ['kind'] };
    const page = await buildQuery(things, unordered, { equals: { kind: 'x' }, limit: 1 }).get();
    expect(page.size).toBe(1);
  });
});
