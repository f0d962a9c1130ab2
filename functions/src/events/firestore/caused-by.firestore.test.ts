import { beforeEach, describe, expect, test } from '@jest/globals';
import type { OutboxJob } from '#outbox';
import { createRunTransaction } from '#kernel/firestore';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { aJob } from '../../outbox/testing/factories.ts';
import { aNote } from '../testing/an-event.ts';
import { codedErrorOf } from '../testing/failure.ts';
import {
  countDocuments,
  emit,
  emitBatch,
  firestore,
  logged,
  read,
} from '../testing/firestore-log.ts';

const runTransaction = createRunTransaction(firestore);
const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const metadata = { correlationId: 'c1', traceparent };

beforeEach(() => clearFirestore(firestore));

/** The job as one of its runs has it: a row that was read and claimed anew. */
const claimed = (): OutboxJob => aJob({ id: 'mail:org1:e1', eventId: 'e1', metadata });

type Handler = (job: OutboxJob) => Promise<unknown>;
const handlers: [string, Handler, number][] = [
  ['emits alone', (causedBy) => emit(aNote(), { causedBy }), 1],
  [
    'emits twice about one entity, with a key for the second',
    async (causedBy) => {
      await emit(aNote(), { causedBy });
      await emit(aNote({ idempotencyKey: 'second' }), { causedBy });
    },
    2,
  ],
  [
    'emits side by side',
    (causedBy) =>
      Promise.all(['a', 'b', 'c'].map((entityId) => emit(aNote({ entityId }), { causedBy }))),
    3,
  ],
  ['emits a batch', (causedBy) => emitBatch([aNote(), aNote({ entityId: 'b' })], { causedBy }), 2],
  ['emits observationally', (causedBy) => emit(aNote(), { causedBy, observational: true }), 1],
];

describe('a handler that is run again', () => {
  test.each(handlers)('and %s says nothing twice', async (_, handle, events) => {
    await handle(claimed());
    expect(await countDocuments()).toBe(2 * events);
    await handle(claimed());
    expect(await countDocuments()).toBe(2 * events);
  });

  test('is answered with its first event', async () => {
    const first = await emit(aNote(), { causedBy: claimed() });
    const again = await emit(aNote(), { causedBy: claimed() });
    expect(again).toEqual({ ...first, duplicate: true });
  });

  test('in a transaction of its own cannot do all of it again', async () => {
    const handle = (causedBy: OutboxJob) =>
      runTransaction('t', async (transaction) => {
        transaction.merge('counters/c', { at: causedBy.id });
        return emit(aNote(), { transaction, causedBy });
      });
    await handle(claimed());
    expect((await codedErrorOf(() => handle(claimed()))).code).toBe('already-exists');
    expect(await countDocuments()).toBe(3);
  });
});

describe('an event and its jobs have their cause', () => {
  const forms: [string, (causedBy: OutboxJob) => Promise<{ eventId: string }>][] = [
    ['alone', (causedBy) => emit(aNote(), { causedBy })],
    ['in a batch of events', async (causedBy) => (await emitBatch([aNote()], { causedBy }))[0]!],
    [
      'in the caller’s batch',
      async (causedBy) => {
        const batch = firestore.batch();
        const result = await emit(aNote(), { batch, causedBy });
        await batch.commit();
        return result;
      },
    ],
    [
      'in a transaction',
      (causedBy) => runTransaction('t', (transaction) => emit(aNote(), { transaction, causedBy })),
    ],
    [
      'in Firestore’s own transaction',
      (causedBy) =>
        firestore.runTransaction((transaction) => emit(aNote(), { transaction, causedBy })),
    ],
    [
      'in a stream',
      (causedBy) => {
        const streamed = aNote({ stream: { expectedVersion: 0 } });
        return runTransaction('t', (transaction) => emit(streamed, { transaction, causedBy }));
      },
    ],
  ];

  test.each(forms)('%s', async (_, say) => {
    const { eventId } = await say(claimed());
    const event = await read(`domain_events/${eventId}`);
    expect(event['metadata']).toEqual({ ...metadata, causationId: 'e1', sourceService: 'tests' });
    expect(await read(`outbox/notif:org1:${eventId}`)).toMatchObject({ metadata });
  });

  test('twice about one entity, in one transaction, with keys of their own', async () => {
    const causedBy = claimed();
    const results = await runTransaction('t', async (transaction) => [
      await emit(aNote(), { transaction, causedBy }),
      await emit(aNote({ idempotencyKey: 'second' }), { transaction, causedBy }),
    ]);
    expect(new Set(results.map(({ eventId }) => eventId)).size).toBe(2);
    expect(await countDocuments()).toBe(4);
  });

  test('and where it cannot be emitted, the line in the log says which', async () => {
    logged.length = 0;
    const lost = aNote({ eventType: 'note.lost' });
    await emit(lost, { causedBy: claimed(), observational: true });
    expect(logged).toMatchObject([{ eventType: 'note.lost', correlationId: 'c1' }]);
  });
});
