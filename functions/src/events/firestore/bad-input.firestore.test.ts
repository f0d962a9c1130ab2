import { beforeEach, describe, expect, test } from '@jest/globals';
import type { ErrorCode } from '#kernel';
import { createRunTransaction } from '#kernel/firestore';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import type { EventInput } from '../emit/event-input.ts';
import { aNote } from '../testing/an-event.ts';
import { codedErrorOf } from '../testing/failure.ts';
import { countDocuments, emit, firestore } from '../testing/firestore-log.ts';

const runTransaction = createRunTransaction(firestore);
const MIB = 1024 * 1024;

beforeEach(async () => {
  await clearFirestore(firestore);
  await emit(aNote());
});

const cyclic: Record<string, unknown> = {};
cyclic['self'] = cyclic;

const bad: [string, ErrorCode, Record<string, unknown>][] = [
  ['an org of another grammar', 'invalid-event', { orgId: 'org/1' }],
  ['no org', 'invalid-event', { orgId: undefined }],
  ['a reserved entity id', 'invalid-event', { entityId: '__id__' }],
  ['a type that is none', 'invalid-event', { eventType: 'Note Added' }],
  ['an unknown type', 'invalid-event', { eventType: 'note.lost' }],
  ['no actor', 'invalid-event', { actor: undefined }],
  ['an unknown kind of actor', 'invalid-event', { actor: { actorType: 'x', actorId: 'uid1' } }],
  ['a wrong payload', 'invalid-event', { payload: { text: 7 } }],
  ['no payload', 'invalid-event', { payload: undefined }],
  ['NaN', 'invalid-event', { payload: { any: Number.NaN } }],
  ['undefined in the payload', 'invalid-event', { payload: { any: { a: undefined } } }],
  ['a lone surrogate', 'invalid-event', { payload: { text: '\uD800' } }],
  ['a list in a list', 'invalid-event', { payload: { any: [[1]] } }],
  ['a payload without end', 'invalid-event', { payload: { any: cyclic } }],
  ['an invalid date', 'invalid-event', { occurredAt: new Date(Number.NaN) }],
  [
    'too many parents',
    'invalid-event',
    { related: Array.from({ length: 10 }, (_, n) => `o:${n}`) },
  ],
  ['an empty key', 'invalid-event', { idempotencyKey: '' }],
  ['wrong metadata', 'invalid-event', { metadata: { correlationId: 7 } }],
  ['a field nobody knows', 'invalid-event', { aggregateId: 'note1' }],
  ['more than 256 KB', 'payload-too-large', { payload: { text: 'x'.repeat(256 * 1024) } }],
  ['more than Firestore takes', 'payload-too-large', { payload: { any: 'x'.repeat(2 * MIB) } }],
];

describe('refused, with nothing written:', () => {
  test.each(bad)('%s', async (_, code, wrong) => {
    const before = await countDocuments();
    const input = { ...aNote(), ...wrong } as ReturnType<typeof aNote>;

    expect((await codedErrorOf(() => emit(input))).code).toBe(code);

    const batch = firestore.batch();
    expect((await codedErrorOf(() => emit(input, { batch }))).code).toBe(code);
    await batch.commit();

    const streamed = { ...input, stream: { expectedVersion: 'any' } } as typeof input;
    for (const said of [input, streamed]) {
      await runTransaction('t1', async (transaction) => {
        expect((await codedErrorOf(() => emit(said, { transaction }))).code).toBe(code);
      });
    }
    expect(await countDocuments()).toBe(before);
  });
});

test('an event that is too large is refused with its size', async () => {
  const said: Partial<EventInput> = { payload: { text: 'x'.repeat(256 * 1024) } };
  const { message } = await codedErrorOf(() => emit(aNote(said)));
  expect(message).toMatch(/^The event is too large \(262\d{3} bytes, at most 262144\)\.$/);
});

test('a key for an event in a stream is refused: the version is its key', async () => {
  const streamed = aNote({ idempotencyKey: 'k', stream: { expectedVersion: 0 } });
  const act = () => runTransaction('t1', (transaction) => emit(streamed, { transaction }));
  expect(await codedErrorOf(act)).toMatchObject({
    code: 'invalid-event',
    problems: [expect.objectContaining({ path: 'idempotencyKey' })],
  });
});

test('a transaction and a batch at once are refused, with nothing written to either', async () => {
  const before = await countDocuments();
  const batch = firestore.batch();
  await runTransaction('t1', async (transaction) => {
    const error = await codedErrorOf(() => emit(aNote(), { transaction, batch }));
    expect(error.code).toBe('invalid-event');
    expect(error.message).toContain('one of { transaction } and { batch }');
  });
  await batch.commit();
  expect(await countDocuments()).toBe(before);
});
