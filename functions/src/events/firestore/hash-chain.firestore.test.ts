import { beforeEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { systemIds } from '#kernel';
import { createRunTransaction } from '#kernel/firestore';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { canonicalText } from '../emit/canonical.ts';
import { chainHash, contentHash } from '../emit/content-hash.ts';
import { decodeEvent } from '../emit/event-document.ts';
import type { EventInput } from '../emit/event-input.ts';
import { aNote } from '../testing/an-event.ts';
import { noteStream, readStream } from '../testing/event-rows.ts';
import { codedErrorOf } from '../testing/failure.ts';
import { emit, firestore, read } from '../testing/firestore-log.ts';
import { storable } from '../testing/storable.ts';

const runTransaction = createRunTransaction(firestore);
const everything = {
  date: new Date(5),
  list: [1, -0, 1.5, 2 ** 60, { at: new Date(-1) }],
  no: null,
};

beforeEach(() => clearFirestore(firestore));

function append(said: Partial<EventInput> = {}) {
  return runTransaction(systemIds.documentId(), (transaction) =>
    emit(aNote({ ...said, stream: { expectedVersion: 'any' } }), { transaction }),
  );
}

test('any value is stored as its canonical text says', async () => {
  await fc.assert(
    fc.asyncProperty(storable, async (value) => {
      await firestore.doc('values/one').set({ value });
      expect(canonicalText((await read('values/one'))['value'])).toBe(canonicalText(value));
    }),
    { numRuns: 200 },
  );
}, 30_000);

test('the deepest payload that is let through is stored', async () => {
  // The document's own fields are the first of Firestore's 20 levels, the payload the second.
  const depths = Array.from({ length: 17 });
  const any = depths.reduce<unknown>((inner) => ({ a: inner }), 'deep');
  const { eventId } = await emit(aNote({ payload: { any } }));
  expect(await read(`domain_events/${eventId}`)).toMatchObject({ payload: { any } });
  const deeper = aNote({ payload: { any: { a: any } } });
  expect((await codedErrorOf(() => emit(deeper))).problems).toHaveLength(1);
});

describe('what is read back', () => {
  test('has the content hash it was stored with, whatever was said', async () => {
    const { eventId } = await emit(
      aNote({
        payload: { any: everything },
        matterId: 'm1',
        related: ['order:o1'],
        occurredAt: new Date(1_893_456_000_123),
      }),
    );
    const event = decodeEvent(await read(`domain_events/${eventId}`))!;
    expect(contentHash(event)).toBe(event.contentHash);
  });

  test('has another one where a single field was changed', async () => {
    const { eventId } = await emit(aNote({ payload: { any: everything } }));
    const stored = firestore.doc(`domain_events/${eventId}`);
    await stored.update({ 'payload.any.date': new Date(6) });
    const event = decodeEvent(await read(stored.path))!;
    expect(contentHash(event)).not.toBe(event.contentHash);
  });

  test('is a chain from the stream’s first event to its head', async () => {
    for (const any of [everything, 1, { text: 'ü' }]) await append({ payload: { any } });
    const events = await readStream(firestore);
    expect(events.map(({ streamVersion }) => streamVersion)).toEqual([1, 2, 3]);
    expect(Object.keys(await read(`domain_events/${noteStream}-000000001`))).not.toContain(
      'previousHash',
    );
    let chain = '';
    for (const event of events) {
      expect(contentHash(event)).toBe(event.contentHash);
      expect(event.previousHash ?? '').toBe(chain);
      chain = chainHash(chain, event.streamVersion ?? 0, event.contentHash);
    }
    expect(await read(`streams/${noteStream}`)).toMatchObject({ stream: { hash: chain } });
  });
});
