import { expect, test } from '@jest/globals';
import { MemoryStorage } from '../testing/memory-storage.ts';
import { anInvoiceEvent } from '../testing/stored-event.ts';
import type { ArchivePlace, PageDone } from './archive-page.ts';
import { archivePage } from './archive-page.ts';
import type { ArchiveSource, StoredEvent } from './archive-source.ts';

const MIB = 1_024 * 1_024;
const COUNT = 120;
const LIMIT = 60;
const writtenAt = { seconds: 1, nanoseconds: 0 };
const state = { events: 0, archived: 0, writtenAt };

/** The so manieth event, in no stream, with so many bytes in it. */
function stored(seconds: number, bytes: number): StoredEvent {
  const id = `event${seconds}`;
  const recordedAt = { seconds, nanoseconds: 0 };
  const event = anInvoiceEvent({ eventId: id });
  const at = new Date(seconds * 1_000).toISOString();
  return {
    row: { id, event, recordedAt, payload: {}, place: undefined, findings: [] },
    place: { ...recordedAt, id },
    line: { id, recordedAt: at, fields: { text: 'x'.repeat(bytes) } },
    writtenAt,
  };
}

/** All pages of a log whose events have these sizes; the log stays, and is gone through once. */
async function archived(bytesOf: (n: number) => number) {
  const pages: PageDone<ArchivePlace>[] = [];
  let eventReads = 0;
  const source = {
    state: () => Promise.resolve({ state, readAtMs: 0 }),
    eventsBefore: ({ after, limit }: Parameters<ArchiveSource['eventsBefore']>[0]) => {
      const first = after === undefined ? 0 : after.seconds + 1;
      const length = Math.min(limit, COUNT - first);
      eventReads += length;
      const found = Array.from({ length }, (_, n) => stored(first + n, bytesOf(first + n)));
      return Promise.resolve(found);
    },
    withUnsentJobs: () => Promise.resolve({ eventIds: new Set<string>(), reads: 0 }),
    heads: () => Promise.resolve(new Map()),
    documents: () => Promise.resolve(new Map()),
  } as unknown as ArchiveSource;
  const storage = new MemoryStorage();
  const deps = { source, storage: () => storage, headPathOf: () => '', reducersOf: () => [] };
  const asked = { orgId: 'org1', beforeMs: Infinity, limit: LIMIT, dryRun: false };
  for (let place: ArchivePlace | undefined = {}; place !== undefined;) {
    const page: PageDone<ArchivePlace> = await archivePage(deps, { ...asked, place });
    pages.push(page);
    place = page.next;
  }
  return { pages, eventReads };
}

test('large events go in pages that a commit can bring back, each read twice at most but for the first page', async () => {
  const { pages, eventReads } = await archived(() => MIB / 4);
  expect(pages.reduce((sum, { done }) => sum + done, 0)).toBe(COUNT);
  expect(Math.max(...pages.map(({ seen }) => seen))).toBe(15);
  expect(eventReads).toBeLessThan(2 * COUNT + LIMIT);
});

test('small ones behind large ones go in whole pages again, and each of them is read once behind the first page', async () => {
  const { pages, eventReads } = await archived((n) => (n === 0 ? 5 * MIB : 10));
  expect(pages.map(({ seen }) => seen)).toEqual([1, 2, 4, 8, 16, 32, 57]);
  expect(eventReads).toBe(LIMIT - 1 + COUNT);
});
