import { beforeEach, describe, expect, test } from '@jest/globals';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import type { EventInput } from '../emit/event-input.ts';
import { aNote } from '../testing/an-event.ts';
import { codedErrorOf } from '../testing/failure.ts';
import { countDocuments, emit, firestore, read } from '../testing/firestore-log.ts';

beforeEach(() => clearFirestore(firestore));

const keyed = (said: Partial<EventInput> = {}) => aNote({ idempotencyKey: 'k', ...said });

describe('a second emit with the same key', () => {
  test('is a success that writes nothing and says so', async () => {
    const first = await emit(keyed());
    const second = await emit(keyed());
    expect(first.duplicate).toBe(false);
    expect(second).toEqual({ ...first, duplicate: true });
    expect(await countDocuments()).toBe(2);
  });

  test.each([
    { metadata: { correlationId: 'other', ipAddress: '::1', custom: { a: 1 } } },
    { related: ['order:o1'] },
    { occurredAt: new Date(1) },
  ])('may differ in %p', async (said) => {
    await emit(keyed());
    expect(await emit(keyed(said))).toMatchObject({ duplicate: true });
  });

  test('of the same request is the same, and of a request or none is not alike', async () => {
    const inRequest = { requestHash: 'of a request' };
    const { eventId } = await emit(keyed(inRequest));
    expect(await emit(keyed(inRequest))).toMatchObject({ eventId, duplicate: true });
    expect((await codedErrorOf(() => emit(keyed()))).code).toBe('idempotency-key-reused');
  });

  test('finds dates in its payload the same as they were', async () => {
    const payload = { any: [new Date(5), { at: new Date(-1) }, -0] };
    await emit(keyed({ payload }));
    expect(await emit(keyed({ payload }))).toMatchObject({ duplicate: true });
  });

  test.each<Partial<EventInput>>([
    { payload: { text: 'other' } },
    { entityId: 'note2' },
    { entityType: 'memo' },
    { matterId: 'm1' },
    { actor: { actorType: 'system', actorId: 'uid1' } },
    { eventType: 'invoice.paid', payload: { paidBy: 'client1' } },
    { requestHash: 'of another request' },
  ])('for something else is refused: %p', async (said) => {
    const { eventId } = await emit(keyed());
    const before = await read(`domain_events/${eventId}`);
    expect((await codedErrorOf(() => emit(keyed(said)))).code).toBe('idempotency-key-reused');
    expect(await read(`domain_events/${eventId}`)).toEqual(before);
    expect(await countDocuments()).toBe(2);
  });

  test.each<Partial<EventInput>>([{ orgId: 'org2' }, { metadata: { sourceService: 'shop' } }])(
    'is another event for %p',
    async (said) => {
      await emit(keyed());
      expect(await emit(keyed(said))).toMatchObject({ duplicate: false });
      expect(await countDocuments()).toBe(4);
    },
  );

  test('answers with the jobs that were written with the first', async () => {
    const { eventId } = await emit(keyed());
    await firestore.doc(`domain_events/${eventId}`).update({ jobTypes: ['older'] });
    expect((await emit(keyed())).jobIds).toEqual([`older:org1:${eventId}`]);
  });
});

test('five emits at once with one key are one event, and one of them wrote it', async () => {
  const results = await Promise.all(Array.from({ length: 5 }, () => emit(keyed())));
  expect(new Set(results.map(({ eventId }) => eventId)).size).toBe(1);
  expect(results.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
  expect(await countDocuments()).toBe(2);
});
