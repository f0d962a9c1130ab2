import { describe, expect, test } from '@jest/globals';
import type { DocumentData } from '#kernel';
import { streamEventId, streamHash } from '../streams/stream.ts';
import { allOf } from '../testing/all-of.ts';
import { codedErrorOf } from '../testing/failure.ts';
import { giftCardEvents } from '../testing/gift-card.ts';
import type { MemoryStreams } from '../testing/memory-streams.ts';
import { CARD, openMemoryStreams } from '../testing/memory-streams.ts';
import type { Reducer } from './reducer.ts';

const amounts: Reducer<{ readonly list: readonly number[] }> = {
  name: 'amounts',
  schemaVersion: 1,
  events: giftCardEvents,
  initial: () => ({ list: [] }),
  evolve: ({ list }, { payload }) => ({
    list: [...list, (payload as { readonly amountMinor: number }).amountMinor],
  }),
};

const path = `snapshots/${streamHash(CARD)}-amounts`;
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
const stateOf = (version: number) => ({ state: { list: upTo(version) }, version });

/** A stream of so many events, of the amounts 1, 2, 3 …, each appended alone. */
async function aCard(count: number, said: Parameters<typeof openMemoryStreams>[0] = {}) {
  const memory = openMemoryStreams({ snapshotEvery: 4, ...said });
  for (const amountMinor of upTo(count)) await next(memory, amountMinor);
  return memory;
}

function next({ append }: MemoryStreams, amountMinor: number) {
  const eventType = amountMinor === 1 ? 'gift_card.issued' : 'gift_card.redeemed';
  return append('any', { eventType, payload: { amountMinor } });
}

/** How many events `load` read. */
async function readsOf(
  { documents }: MemoryStreams,
  load: () => Promise<unknown>,
): Promise<number> {
  const before = documents.pageSizes.length;
  await load();
  return documents.pageSizes.slice(before).reduce((sum, size) => sum + size, 0);
}

function change({ documents }: MemoryStreams, at: string, fields: DocumentData): void {
  documents.byPath.set(at, { ...documents.byPath.get(at), ...fields });
}

describe('a state', () => {
  test('of no events is the initial one', async () => {
    const { streams, documents } = await aCard(0);
    expect(await streams.loadAggregate(amounts, CARD)).toEqual(stateOf(0));
    expect(documents.byPath.size).toBe(0);
  });

  test('is that of any version, and of any time, with and without a snapshot', async () => {
    const memory = await aCard(11);
    const { loadAggregate, loadStream } = memory.streams;
    for (const round of ['without', 'with']) {
      for (const version of [0, ...upTo(11)]) {
        expect(await loadAggregate(amounts, CARD, { at: version })).toEqual(stateOf(version));
      }
      for (const { streamVersion, recordedAtMs } of await allOf(loadStream(CARD))) {
        const at = new Date(recordedAtMs);
        expect(await loadAggregate(amounts, CARD, { at })).toEqual(stateOf(streamVersion));
      }
      expect(await loadAggregate(amounts, CARD, { at: new Date(0) })).toEqual(stateOf(0));
      expect(await loadAggregate(amounts, CARD)).toEqual(stateOf(11));
      expect([round, memory.documents.byPath.get(path)]).toEqual([
        round,
        expect.objectContaining({ version: 8 }),
      ]);
    }
    expect(memory.logged).toEqual([]);
  });

  test.each([
    [12, 'not-found'],
    [-1, 'invalid-input'],
    [0.5, 'invalid-input'],
    [new Date(Number.NaN), 'invalid-input'],
  ])('at %p of a stream of 11 is refused: %s', async (at, code) => {
    const { streams } = await aCard(11);
    const error = await codedErrorOf(() => streams.loadAggregate(amounts, CARD, { at }));
    expect(error.code).toBe(code);
  });

  test('passes over events that are not its own', async () => {
    const { streams } = await aCard(5);
    const issues = { ...amounts, events: giftCardEvents.slice(0, 1) };
    expect(await streams.loadAggregate(issues, CARD)).toEqual({ ...stateOf(1), version: 5 });
  });
});

describe('a snapshot', () => {
  test('is taken once enough events were read, and only what follows is read then', async () => {
    const memory = await aCard(3);
    const load = () => memory.streams.loadAggregate(amounts, CARD);
    const seen: [number, boolean][] = [];
    for (const version of [4, 5, 6, 7, 8, 9]) {
      await next(memory, version);
      const reads = await readsOf(memory, load);
      seen.push([reads, memory.documents.byPath.get(path)?.['version'] === version]);
    }
    expect(seen).toEqual([
      [4, true],
      [1, false],
      [2, false],
      [3, false],
      [4, true],
      [1, false],
    ]);
  });

  test('says of what it is, and when', async () => {
    const { streams, documents } = await aCard(4);
    await streams.loadAggregate(amounts, CARD);
    const head = documents.byPath.get(`streams/${streamHash(CARD)}`)?.['stream'];
    const last = documents.byPath.get(`domain_events/${streamEventId(streamHash(CARD), 4)}`);
    expect(documents.byPath.get(path)).toEqual({
      ...CARD,
      reducer: 'amounts',
      schemaVersion: 1,
      version: 4,
      hash: (head as { hash: string }).hash,
      state: { list: [1, 2, 3, 4] },
      recordedAt: last?.['timestamp'],
      takenAt: expect.anything(),
    });
  });

  test.each<[string, Partial<typeof amounts>]>([
    ['of an older schema', { schemaVersion: 2 }],
    ['of a newer schema', { schemaVersion: 0 }],
    ['of another reducer', { name: 'others' }],
  ])('%s is left aside, not misread', async (_, other) => {
    const memory = await aCard(6);
    await memory.streams.loadAggregate(amounts, CARD);
    change(memory, path, { state: { list: ['misread'] } });
    const reads = await readsOf(memory, async () => {
      const reducer = { ...amounts, ...other };
      expect(await memory.streams.loadAggregate(reducer, CARD)).toEqual(stateOf(6));
    });
    expect(reads).toBe(6);
  });

  test('of a newer schema takes the place of an older one, and never the other way round', async () => {
    const memory = await aCard(6);
    const newer = { ...amounts, schemaVersion: 2 };
    const kept = () => memory.documents.byPath.get(path);
    await memory.streams.loadAggregate(amounts, CARD);
    await memory.streams.loadAggregate(newer, CARD, { at: 5 });
    expect(kept()).toMatchObject({ schemaVersion: 2, version: 5 });
    await memory.streams.loadAggregate(amounts, CARD);
    expect(kept()).toMatchObject({ schemaVersion: 2, version: 5 });
  });

  test('never goes back, whoever comes late', async () => {
    const memory = await aCard(9);
    const { states } = memory.streams;
    const head = memory.documents.byPath.get(`streams/${streamHash(CARD)}`)?.['stream'] as never;
    const target = { head, throughMs: Infinity };
    const early = await states.load(amounts, CARD, { ...target, throughVersion: 5 });
    const late = await states.load(amounts, CARD, { ...target, throughVersion: 9 });
    await late.keep();
    await early.keep();
    expect(memory.documents.byPath.get(path)).toMatchObject({ version: 9 });
  });

  test('is of the state as it was loaded, whatever its holder makes of it then', async () => {
    const memory = await aCard(4);
    const head = memory.documents.byPath.get(`streams/${streamHash(CARD)}`)?.['stream'] as never;
    const target = { head, throughVersion: 4, throughMs: Infinity };
    const { state, keep } = await memory.streams.states.load(amounts, CARD, target);
    (state.list as number[]).push(7);
    await keep();
    expect(memory.documents.byPath.get(path)).toMatchObject({ state: { list: [1, 2, 3, 4] } });
  });

  test('that cannot be written is logged, and harms nobody', async () => {
    const memory = await aCard(4);
    memory.documents.beforeCommit = () => {
      throw new Error('no disk');
    };
    expect(await memory.streams.loadAggregate(amounts, CARD)).toEqual(stateOf(4));
    expect(memory.logged).toEqual([
      { severity: 'WARNING', message: 'snapshot could not be kept', ...CARD, error: 'no disk' },
    ]);
  });

  test('of a state that would not come back as it is, is not taken', async () => {
    const { streams, documents, logged } = await aCard(4);
    const sets = { ...amounts, initial: () => ({ ...amounts.initial(), seen: new Set() }) };
    const keepSet = { ...sets, evolve: (state: ReturnType<typeof sets.initial>) => state };
    expect((await streams.loadAggregate(keepSet, CARD)).version).toBe(4);
    expect(documents.byPath.has(path)).toBe(false);
    expect(logged).toMatchObject([{ error: expect.stringContaining('state.seen') }]);
  });

  test.each<[string, DocumentData]>([
    ['a version that is none', { version: 'four' }],
    ['no hash', { hash: null }],
    ['no time', { recordedAt: null }],
  ])('with %s is none, and is written anew', async (_, broken) => {
    const memory = await aCard(5);
    await memory.streams.loadAggregate(amounts, CARD);
    change(memory, path, broken);
    expect(await memory.streams.loadAggregate(amounts, CARD)).toEqual(stateOf(5));
    expect(memory.documents.byPath.get(path)).toMatchObject({ version: 5 });
  });

  test.each([5, 6])(
    'that does not fit the stream of %d events is passed over, with a warning',
    async (count) => {
      const memory = await aCard(5);
      await memory.streams.loadAggregate(amounts, CARD);
      if (count === 6) await next(memory, 6);
      change(memory, path, { hash: 'of another stream' });
      expect(await memory.streams.loadAggregate(amounts, CARD)).toEqual(stateOf(count));
      expect(memory.logged).toMatchObject([{ message: 'snapshot does not fit its stream' }]);
    },
  );

  test('does not hide that the stream is broken after it', async () => {
    const memory = await aCard(6);
    await memory.streams.loadAggregate(amounts, CARD, { at: 4 });
    const sixth = `domain_events/${streamEventId(streamHash(CARD), 6)}`;
    change(memory, sixth, { previousHash: 'x' });
    const error = await codedErrorOf(() => memory.streams.loadAggregate(amounts, CARD));
    expect(error).toMatchObject({ code: 'stream-broken', version: 6 });
  });

  test('stands for events that are in the archive, however few; what is before it is refused', async () => {
    const memory = await aCard(5);
    await memory.streams.loadAggregate(amounts, CARD, { at: 4 });
    const hash = streamHash(CARD);
    for (const version of [1, 2, 3]) {
      memory.documents.byPath.delete(`domain_events/${streamEventId(hash, version)}`);
    }
    const { stream } = memory.documents.byPath.get(`streams/${hash}`) as { stream: DocumentData };
    change(memory, `streams/${hash}`, { stream: { ...stream, archivedThrough: 3 } });
    const { documents } = memory;
    const { loadAggregate } = openMemoryStreams({ documents, snapshotEvery: 1_000 }).streams;
    expect(await loadAggregate(amounts, CARD)).toEqual(stateOf(5));
    expect(await loadAggregate(amounts, CARD, { at: 4 })).toEqual(stateOf(4));
    const error = await codedErrorOf(() => loadAggregate(amounts, CARD, { at: 3 }));
    expect(error).toMatchObject({ code: 'archived', archivedThrough: 3 });
  });
});
