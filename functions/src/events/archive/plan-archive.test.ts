import { describe, expect, test } from '@jest/globals';
import type { StreamHead } from '../streams/stream.ts';
import { anInvoiceEvent } from '../testing/stored-event.ts';
import type { StoredEvent } from './archive-source.ts';
import type { Surroundings } from './plan-archive.ts';
import { planArchive } from './plan-archive.ts';

const HEAD = 'invoices/i1';

function stored(event: ReturnType<typeof anInvoiceEvent> | undefined, id = 'x'): StoredEvent {
  const recordedAt = { seconds: 1, nanoseconds: 0 };
  const eventId = event?.eventId ?? id;
  return {
    row: { id: eventId, event, recordedAt, payload: {}, place: undefined, findings: [] },
    place: { ...recordedAt, id: eventId },
    line: { id: eventId, recordedAt: '1970-01-01T00:00:01.000000000Z', fields: {} },
    writtenAt: recordedAt,
  };
}

const versions = (...all: readonly number[]): StoredEvent[] =>
  all.map((streamVersion) => stored(anInvoiceEvent({ streamVersion })));
const plain = (eventId: string): StoredEvent => stored(anInvoiceEvent({ eventId }));

function plan(
  page: readonly StoredEvent[],
  { head, ...said }: Partial<Surroundings> & { readonly head?: Partial<StreamHead> } = {},
) {
  const around = {
    headPathOf: () => HEAD,
    heads: new Map([[HEAD, { version: 5, hash: 'h', by: 't', ...head }]]),
    unsent: new Set<string>(),
    keptThrough: () => Infinity,
    ...said,
  };
  const { going, skipped, heads } = planArchive(page, around);
  const gone = going.map(({ row }) => row.event?.streamVersion ?? row.id);
  return { gone, skipped, through: heads.get(HEAD) };
}

describe('what may leave for the archive', () => {
  test('is every event in no stream whose jobs were all sent', () => {
    const unsent = new Set(['b']);
    expect(plan([plain('a'), plain('b'), plain('c')], { unsent })).toEqual({
      gone: ['a', 'c'],
      skipped: { 'open-jobs': 1 },
      through: undefined,
    });
  });

  test('is of a stream all but its last, and the head says up to where', () => {
    expect(plan(versions(1, 2, 3, 4, 5))).toEqual({
      gone: [1, 2, 3, 4],
      skipped: { 'last-of-its-stream': 1 },
      through: 4,
    });
  });

  test('is of a stream nothing behind one that stays', () => {
    const [, second] = versions(1, 2);
    const unsent = new Set([second!.row.id]);
    expect(plan(versions(1, 2, 3, 4), { unsent })).toEqual({
      gone: [1],
      skipped: { 'open-jobs': 1, 'behind-one-that-stays': 2 },
      through: 1,
    });
  });

  test('goes on behind what went before', () => {
    expect(plan(versions(3, 4), { head: { archivedThrough: 2 } })).toMatchObject({
      gone: [3, 4],
      through: 4,
    });
    expect(plan(versions(3, 4), { head: { archivedThrough: 1 } })).toMatchObject({ gone: [] });
  });

  test('is what was restored before those behind it, and the head stays as it is', () => {
    expect(plan(versions(1, 2), { head: { archivedThrough: 3 } })).toEqual({
      gone: [1, 2],
      skipped: {},
      through: undefined,
    });
  });

  test('is what a snapshot has, where states are made of it', () => {
    expect(plan(versions(1, 2, 3), { keptThrough: () => 2 })).toEqual({
      gone: [1, 2],
      skipped: { 'no-snapshot': 1 },
      through: 2,
    });
  });

  test('is nothing that is no event, and nothing of a stream without a head', () => {
    expect(plan([stored(undefined), plain('a')])).toMatchObject({
      gone: ['a'],
      skipped: { 'no-event': 1 },
    });
    expect(plan(versions(1, 2), { heads: new Map() })).toMatchObject({
      gone: [],
      skipped: { 'no-head': 2 },
    });
  });
});
