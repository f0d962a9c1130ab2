import { beforeEach, describe, expect, test } from '@jest/globals';
import type { ErrorCode } from '#kernel';
import { systemIds } from '#kernel';
import { createRunTransaction } from '#kernel/firestore';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import type { EventInput } from '../emit/event-input.ts';
import { appendToStream } from '../streams/append-to-stream.ts';
import { aNote } from '../testing/an-event.ts';
import { testCatalog, THROWS } from '../testing/catalog.ts';
import { codedErrorOf } from '../testing/failure.ts';
import { countDocuments, emit, emitBatch, firestore, read } from '../testing/firestore-log.ts';
import { createEventLoader } from './event-log.ts';

const runTransaction = createRunTransaction(firestore);
const MIB = 1024 * 1024;
const anInvoice = { eventType: 'invoice.sent', payload: { amountMinor: 500 } };

beforeEach(async () => {
  await clearFirestore(firestore);
  await emit(aNote());
});

const cyclic: Record<string, unknown> = {};
cyclic['self'] = cyclic;

type Case = [string, ErrorCode, Record<string, unknown>, string | undefined];

/** What is wrong, the code of its refusal, what is said, and the path that the refusal names. */
const cases: [string, ErrorCode, Record<string, unknown>, string?][] = [
  ['an org of another grammar', 'invalid-event', { orgId: 'org/1' }],
  ['no org', 'invalid-event', { orgId: undefined }],
  ['a reserved entity id', 'invalid-event', { entityId: '__id__' }],
  ['a type that is none', 'invalid-event', { eventType: 'Note Added' }],
  ['an unknown type', 'invalid-event', { eventType: 'note.lost' }, 'eventType'],
  ['a type that is only inherited', 'invalid-event', { eventType: 'constructor' }, 'eventType'],
  [
    'an unknown type of an organization’s own',
    'invalid-event',
    { eventType: 'custom.lost' },
    'eventType',
  ],
  ['an older version', 'invalid-event', { ...anInvoice, schemaVersion: 1 }, 'schemaVersion'],
  ['a newer version', 'invalid-event', { schemaVersion: 2 }, 'schemaVersion'],
  ['a version that is none', 'invalid-event', { schemaVersion: 0 }, 'schemaVersion'],
  ['no actor', 'invalid-event', { actor: undefined }],
  ['an unknown kind of actor', 'invalid-event', { actor: { actorType: 'x', actorId: 'uid1' } }],
  ['a wrong payload', 'invalid-event', { payload: { text: 7 } }],
  ['no payload', 'invalid-event', { payload: undefined }],
  ['NaN', 'invalid-event', { payload: { any: Number.NaN } }, 'payload.any'],
  [
    'undefined in the payload',
    'invalid-event',
    { payload: { any: { a: undefined } } },
    'payload.any.a',
  ],
  ['undefined for a field', 'invalid-event', { payload: { text: undefined } }, 'payload.text'],
  ['__proto__', 'invalid-event', { payload: JSON.parse('{"__proto__":1}') }, 'payload.__proto__'],
  [
    '__proto__ deeper',
    'invalid-event',
    { payload: { any: [JSON.parse('{"__proto__":1}')] } },
    'payload.any.0.__proto__',
  ],
  [
    '__proto__ where any name is taken',
    'invalid-event',
    { payload: { marks: JSON.parse('{"__proto__":1}') } },
    'payload.marks.__proto__',
  ],
  [
    'a name that is Firestore’s',
    'invalid-event',
    { payload: { any: { __x__: 1 } } },
    'payload.any.__x__',
  ],
  [
    'such a name in metadata',
    'invalid-event',
    { metadata: { custom: { __x__: 1 } } },
    'metadata.custom.__x__',
  ],
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
  ['a text of 1 MB', 'payload-too-large', { payload: { any: 'x'.repeat(MIB) } }],
  ['more than Firestore takes', 'payload-too-large', { payload: { any: 'x'.repeat(2 * MIB) } }],
];

/** All as long: Jest hands a callback to whatever takes more than its row has. */
const bad = cases.map(([name, code, said, path]): Case => [name, code, said, path]);

/** A path of an event as one of several. */
function placed(index: number, path: string | undefined): string | undefined {
  return path === undefined ? undefined : `events[${index}].${path}`;
}

/** The refusal's code and what it names, as a test expects them. */
async function expectRefusal(act: () => unknown, code: ErrorCode, path?: string): Promise<void> {
  const error = await codedErrorOf(act);
  expect(error.code).toBe(code);
  const named = error.problems.map((problem) => problem.path);
  expect(path === undefined ? [] : named).toEqual(path === undefined ? [] : [path]);
}

describe('refused, with nothing written:', () => {
  test.each(bad)('%s', async (_, code, wrong, path) => {
    const before = await countDocuments();
    const input = { ...aNote(), ...wrong } as ReturnType<typeof aNote>;

    await expectRefusal(() => emit(input), code, path);

    // Among others that are right, which are not written either.
    const among = [aNote(), aNote({ entityId: 'note2' }), input];
    await expectRefusal(() => emitBatch(among), code, placed(2, path));

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

/** Appends to the note's stream, in a transaction of its own. */
function append(expectedVersion: number | 'any', events: readonly EventInput[]) {
  return runTransaction(systemIds.documentId(), (transaction) =>
    appendToStream(
      (event: EventInput) => emit(event as ReturnType<typeof aNote>, { transaction }),
      { orgId: 'org1', entityType: 'note', entityId: 'note1' },
      expectedVersion,
      events,
    ),
  );
}

describe('an append of several events is refused whole, and those behind it are not lost:', () => {
  /** What a stream says for each of its events is the stream's to say. */
  const ofEvents = bad.filter(([, , wrong]) => !('orgId' in wrong) && !('entityId' in wrong));
  test.each(ofEvents.filter(([, , wrong]) => !('idempotencyKey' in wrong)))(
    '%s',
    async (_, code, wrong, path) => {
      const before = await countDocuments();
      const events = [aNote(), { ...aNote(), ...wrong }] as EventInput[];
      await expectRefusal(() => append(0, events), code, placed(1, path));
      expect(await countDocuments()).toBe(before);
      const [result] = await append(0, [aNote()]);
      expect(await read(`domain_events/${result?.eventId}`)).toMatchObject({ streamVersion: 1 });
    },
  );

  test.each([-1, 0.5, Number.NaN, '0' as unknown as number])(
    'an expected version of %p',
    async (expectedVersion) => {
      const before = await countDocuments();
      const act = () => append(expectedVersion, [aNote(), aNote()]);
      await expectRefusal(act, 'invalid-event', 'expectedVersion');
      await expectRefusal(() => append(expectedVersion, []), 'invalid-event', 'expectedVersion');
      expect(await countDocuments()).toBe(before);
    },
  );

  test('an emit at the version -1', async () => {
    const before = await countDocuments();
    const early = aNote({ stream: { expectedVersion: -1 } });
    await runTransaction('t1', (transaction) =>
      expectRefusal(() => emit(early, { transaction }), 'invalid-event', 'stream.expectedVersion'),
    );
    await expectRefusal(() => emit(early), 'invalid-event', 'stream.expectedVersion');
    await expectRefusal(
      () => emitBatch([early]),
      'invalid-event',
      'events[0].stream.expectedVersion',
    );
    expect(await countDocuments()).toBe(before);
  });
});

describe('an event whose upcaster throws', () => {
  test('is a typed error that names the upcaster, and harms no other event', async () => {
    const invoice = aNote({ ...anInvoice, idempotencyKey: 'k' });
    const { eventId } = await emit(invoice);
    await firestore
      .doc(`domain_events/${eventId}`)
      .update({ schemaVersion: 1, payload: { amount: THROWS } });
    const before = await countDocuments();
    await expectRefusal(() => emit(invoice), 'event-unreadable', 'upcast.1');
    const among = [aNote(), invoice];
    await expectRefusal(() => emitBatch(among), 'event-unreadable', 'events[1].upcast.1');
    expect(await countDocuments()).toBe(before);
    const load = createEventLoader(firestore, testCatalog);
    await expectRefusal(() => load(eventId), 'event-unreadable', 'upcast.1');
    const [result] = await emitBatch([aNote()]);
    expect(await load(result!.eventId)).toMatchObject({ payload: { text: 'Hello' } });
  });
});

test.each([undefined, null, 'abc', { length: 1 }])('several events are a list, not %j', (events) =>
  expectRefusal(() => emitBatch(events as never), 'invalid-event', 'events'),
);

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
