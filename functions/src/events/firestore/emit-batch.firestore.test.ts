import { beforeEach, describe, expect, test } from '@jest/globals';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { createLosingAnswers } from '../../kernel/testing/losing-answers.ts';
import { measure } from '../../kernel/testing/meter.ts';
import type { EventInput } from '../emit/event-input.ts';
import { aNote } from '../testing/an-event.ts';
import { codedErrorOf, pathsOf } from '../testing/failure.ts';
import {
  countDocuments,
  createTestEmitBatch,
  emit,
  emitBatch,
  firestore,
  read,
} from '../testing/firestore-log.ts';

beforeEach(() => clearFirestore(firestore));

/** Notes with the keys k0, k1, …; `from`: the first of them. */
function keyed(count: number, from = 0, said: Partial<EventInput> = {}) {
  return Array.from({ length: count }, (_, n) => {
    return aNote({ entityId: `note${from + n}`, idempotencyKey: `k${from + n}`, ...said });
  });
}

describe('a batch', () => {
  test('is one commit, with an answer for each event in the order given', async () => {
    const said = Array.from({ length: 3 }, (_, n) => aNote({ entityId: `note${n}` }));
    const results: Awaited<ReturnType<typeof emitBatch>> = [];
    const billed = await measure(firestore, async () => {
      results.push(...(await emitBatch(said)));
    });
    expect(billed).toEqual({ reads: 0, writes: 6, deletes: 0 });
    const [times, entities] = [new Set<number>(), []] as [Set<number>, unknown[]];
    for (const { eventId, jobIds, duplicate } of results) {
      expect(duplicate).toBe(false);
      expect(jobIds).toEqual([`notif:org1:${eventId}`]);
      expect(await read(`outbox/${jobIds[0]}`)).toMatchObject({ eventId, status: 'pending' });
      const event = await read(`domain_events/${eventId}`);
      entities.push(event['entityId']);
      times.add((event['timestamp'] as { toMillis(): number }).toMillis());
    }
    expect(entities).toEqual(['note0', 'note1', 'note2']);
    expect(times.size).toBe(1);
  });

  test('of nothing writes nothing', async () => {
    expect(await emitBatch([])).toEqual([]);
    expect(await countDocuments()).toBe(0);
  });

  test('takes 100 events, and 101 are refused before one is looked at', async () => {
    expect(await emitBatch(keyed(100))).toHaveLength(100);
    const before = await countDocuments();
    const tooMany = Array.from({ length: 101 }, () => null as never);
    expect((await codedErrorOf(() => emitBatch(tooMany))).code).toBe('payload-too-large');
    expect(await countDocuments()).toBe(before);
  });

  test('takes 5 MB, and more is refused with its size', async () => {
    const large = (count: number) => keyed(count, 0, { payload: { text: 'x'.repeat(250_000) } });
    const error = await codedErrorOf(() => emitBatch(large(21)));
    expect(error.code).toBe('payload-too-large');
    expect(error.message).toMatch(/^The events of one commit are too large \(52\d{5} bytes/);
    expect(await countDocuments()).toBe(0);
    expect(await emitBatch(large(20))).toHaveLength(20);
  });
});

describe('a batch with keys', () => {
  test('is, the second time, all duplicates, and writes nothing', async () => {
    const first = await emitBatch(keyed(3));
    const again = await emitBatch(keyed(3));
    expect(again).toEqual(first.map((result) => ({ ...result, duplicate: true })));
    expect(await countDocuments()).toBe(6);
  });

  test('writes what is new, and answers duplicate for what is there', async () => {
    await emitBatch(keyed(2, 1));
    const results = await emitBatch(keyed(4));
    expect(results.map(({ duplicate }) => duplicate)).toEqual([false, true, true, false]);
    expect(await countDocuments()).toBe(8);
    const events = results.map(({ eventId }) => read(`domain_events/${eventId}`));
    const entities = (await Promise.all(events)).map((event) => String(event['entityId']));
    expect(entities).toEqual(['note0', 'note1', 'note2', 'note3']);
  });

  test('knows the event of a single emit, with its jobs', async () => {
    const [note] = keyed(1);
    const { eventId } = await emit(note!);
    await firestore.doc(`domain_events/${eventId}`).update({ jobTypes: ['older'] });
    const expected = { eventId, jobIds: [`older:org1:${eventId}`], duplicate: true };
    expect(await emitBatch([note!])).toEqual([expected]);
  });

  test('is refused whole where one was used for something else', async () => {
    await emitBatch(keyed(1, 2));
    const others = [...keyed(2), ...keyed(1, 2, { payload: { text: 'other' } })];
    const error = await codedErrorOf(() => emitBatch(others));
    expect(error.code).toBe('idempotency-key-reused');
    expect(error.problems.map(({ path }) => path)).toEqual(['events[2].idempotencyKey']);
    expect(await countDocuments()).toBe(2);
  });

  test.each([
    ['the same', {}],
    ['another', { payload: { text: 'other' } }],
  ])('is refused where two events of it have one, with %s payload', async (_, said) => {
    const twice = [...keyed(2), ...keyed(1, 0, said)];
    const error = await codedErrorOf(() => emitBatch(twice));
    expect(error.code).toBe('idempotency-key-reused');
    expect(error.problems.map(({ path }) => path)).toEqual(['events[2].idempotencyKey']);
    expect(await countDocuments()).toBe(0);
  });

  test('five times at once is every event once', async () => {
    const batches = await Promise.all(Array.from({ length: 5 }, () => emitBatch(keyed(4))));
    expect(await countDocuments()).toBe(8);
    const written = batches.flat().filter(({ duplicate }) => !duplicate);
    expect(written).toHaveLength(4);
  });

  test('at once with others that overlap it is every event once', async () => {
    const batches = await Promise.all([0, 1, 2, 3].map((from) => emitBatch(keyed(4, from))));
    expect(await countDocuments()).toBe(14);
    expect(batches.flat().filter(({ duplicate }) => !duplicate)).toHaveLength(7);
  });
});

describe('refused, with nothing written:', () => {
  test('every problem of every event, by its path', async () => {
    const said = [
      aNote(),
      aNote({ orgId: 'org/1', payload: { text: 7, any: undefined } }),
      aNote({ eventType: 'note.lost' }),
      aNote({ stream: { expectedVersion: 0 } }),
      aNote({ payload: { text: 'x'.repeat(256 * 1024) } }),
      null as never,
    ];
    const error = await codedErrorOf(() => emitBatch(said));
    expect(error.code).toBe('invalid-event');
    expect(error.problems.map(({ path }) => path)).toEqual([
      'events[1].orgId',
      'events[1].payload.text',
      'events[2].eventType',
      'events[3].stream',
      'events[4]',
      'events[5]',
    ]);
    expect(await countDocuments()).toBe(0);
  });

  test('an event in a stream, and how it is emitted', async () => {
    const error = await codedErrorOf(() => emitBatch([aNote({ stream: { expectedVersion: 0 } })]));
    expect(error.code).toBe('stream-needs-transaction');
    expect(error.message).toContain('events[0].stream');
    expect(error.message).toContain('appendToStream');
    expect(await countDocuments()).toBe(0);
  });

  test('an event’s size, by its place', async () => {
    const large = aNote({ payload: { text: 'x'.repeat(256 * 1024) } });
    const act = () => emitBatch([aNote(), large]);
    expect((await codedErrorOf(act)).code).toBe('payload-too-large');
    expect(await pathsOf(act)).toEqual(['events[1]']);
  });
});

describe('a batch whose commit’s answer is lost', () => {
  const losing = createLosingAnswers();
  const losingBatch = createTestEmitBatch(losing.firestore);

  test.each([false, true])(
    'is one success and no duplicate, with keys: %p',
    async (hasKeys) => {
      const said = hasKeys ? keyed(3) : [aNote(), aNote()];
      const sentBefore = losing.commitsSent();
      losing.loseCommitAnswers(1);
      const results = await losingBatch(said);
      expect(losing.commitsSent() - sentBefore).toBeGreaterThan(1);
      expect(results.map(({ duplicate }) => duplicate)).not.toContain(true);
      expect(await countDocuments()).toBe(2 * said.length);
    },
    30_000,
  );

  test('tells what it wrote from what was there', async () => {
    await emitBatch(keyed(1));
    // The first commit is refused, and the answer to the second is lost.
    losing.loseCommitAnswers(2);
    const results = await losingBatch(keyed(3));
    expect(results.map(({ duplicate }) => duplicate)).toEqual([true, false, false]);
    expect(await countDocuments()).toBe(6);
  }, 30_000);
});
