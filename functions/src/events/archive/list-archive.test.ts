import { describe, expect, test } from '@jest/globals';
import { MINUTE_MS } from '#kernel';
import { MemoryStorage } from '../testing/memory-storage.ts';
import { anInvoiceEvent } from '../testing/stored-event.ts';
import { writePart } from './files.ts';
import type { ArchivedQuery } from './list-archive.ts';
import { listArchived } from './list-archive.ts';
import type { ArchivedLine } from './part.ts';
import { encodePart } from './part.ts';

const START = Date.UTC(2030, 0, 31);
const CLIENT = 'client:c1';

/** An event so many minutes after the day has begun. */
function aLine(minute: number, said: object = {}): ArchivedLine {
  const recordedAt = new Date(START + minute * MINUTE_MS).toISOString().replace('Z', '000000Z');
  return { id: `e${minute}`, recordedAt, fields: { related: [CLIENT], ...said } };
}

/** An archive of these parts, and how to ask it. */
async function archiveOf(...parts: readonly (readonly ArchivedLine[])[]) {
  const storage = new MemoryStorage();
  const { put, list, folders } = storage;
  for (const lines of parts) {
    const day = lines[0]!.recordedAt.slice(0, 10);
    await writePart(storage, await encodePart('org1', day, lines));
  }
  const read: string[] = [];
  const get = (path: string) => {
    read.push(path);
    return storage.get(path);
  };
  const rowOf = ({ id, recordedAt, fields }: ArchivedLine) => ({
    event: anInvoiceEvent({ eventId: id, ...fields }),
    recordedAt: { seconds: Date.parse(recordedAt) / 1_000, nanoseconds: 0 },
  });
  const deps = {
    storage: () => ({ put, list, folders, get }),
    source: { rowOf } as never,
    show: (event: ReturnType<typeof anInvoiceEvent>) => event,
  };
  const ask = (said: Partial<ArchivedQuery> = {}) =>
    listArchived(deps, { orgId: 'org1', related: CLIENT, limit: 200, ...said });
  return { ask, read };
}

type Ask = Awaited<ReturnType<typeof archiveOf>>['ask'];

/** The ids of all pages. */
async function idsOf(ask: Ask, said: Partial<ArchivedQuery> = {}): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const { events, nextCursor } = await ask({ ...said, cursor });
    expect(events.length).toBeLessThanOrEqual(said.limit ?? 200);
    ids.push(...events.map(({ eventId }) => eventId));
    cursor = nextCursor;
  } while (cursor !== undefined);
  return ids;
}

const NEXT_DAY = 24 * 60;

describe('an archived timeline', () => {
  test.each([1, 2, 3, 200])('has each event once, newest first, in pages of %d', async (limit) => {
    const all = [1, 2, 3, 4, 5, 6].map((minute) => aLine(minute));
    const { ask } = await archiveOf(
      all.slice(0, 2),
      all.slice(2, 4),
      all.slice(4),
      all.filter((_, index) => index % 2 === 0),
      all,
      [aLine(NEXT_DAY), aLine(NEXT_DAY + 1)],
      [aLine(NEXT_DAY + 1), aLine(NEXT_DAY + 2)],
    );
    const expected = ['e1442', 'e1441', 'e1440', 'e6', 'e5', 'e4', 'e3', 'e2', 'e1'];
    expect(await idsOf(ask, { limit })).toEqual(expected);
  });

  test('is of what was asked for, and of no other matter, entity or time', async () => {
    const { ask } = await archiveOf([
      aLine(1),
      aLine(2, { matterId: 'm2' }),
      aLine(3, { related: ['client:c2'] }),
      aLine(4),
    ]);
    expect(await idsOf(ask)).toEqual(['e4', 'e2', 'e1']);
    expect(await idsOf(ask, { matterId: 'm1' })).toEqual(['e4', 'e1']);
    expect(await idsOf(ask, { matterId: 'm2' })).toEqual(['e2']);
    expect(await idsOf(ask, { orgId: 'org2' })).toEqual([]);
    const [from, to] = [2, 4].map((minute) => new Date(START + minute * MINUTE_MS));
    expect(await idsOf(ask, { from, to })).toEqual(['e2']);
  });

  test('reads ten files of events a page, and goes on where it was', async () => {
    const { ask, read } = await archiveOf(
      ...Array.from({ length: 25 }, (_, index) => [aLine(index, { matterId: `m${index}` })]),
    );
    const first = await ask({ matterId: 'm0' });
    expect(first).toMatchObject({ events: [], nextCursor: expect.any(String) });
    expect(read.filter((path) => path.endsWith('.gz'))).toHaveLength(10);
    expect(await idsOf(ask, { matterId: 'm0' })).toEqual(['e0']);
  });

  test('refuses a cursor of another question', async () => {
    const { ask } = await archiveOf([aLine(1), aLine(2)]);
    const { nextCursor } = await ask({ limit: 1 });
    const asked = ask({ matterId: 'm1', cursor: nextCursor });
    await expect(asked).rejects.toMatchObject({ code: 'bad-cursor' });
  });
});
