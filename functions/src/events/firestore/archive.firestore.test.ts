import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Timestamp } from 'firebase-admin/firestore';
import type { DocumentWrite } from '#kernel';
import { systemIds } from '#kernel';
import { addWrite } from '#kernel/firestore';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { openEmulatorFirestore } from '../../kernel/testing/emulator-firestore.ts';
import { measure } from '../../kernel/testing/meter.ts';
import type { ArchivePlace } from '../archive/archive-page.ts';
import { archivePage } from '../archive/archive-page.ts';
import { createLocalDirectory } from '../archive/local-directory.ts';
import type { PartPlace } from '../archive/find-part.ts';
import type { PageRestored } from '../archive/restore-page.ts';
import { restorePage } from '../archive/restore-page.ts';
import { loadStream } from '../streams/load-stream.ts';
import { anInvoiceEvent, documentOf } from '../testing/stored-event.ts';
import { createArchiveSource } from './archive-source.ts';
import { createFirestoreStreamSource } from './stream-source.ts';
import { decodeEvent } from '../emit/event-document.ts';

const firestore = openEmulatorFirestore();
const root = mkdtempSync(join(tmpdir(), 'archive-'));
const HEAD = 'invoices/i1';
const BEFORE = Date.UTC(2030, 0, 31);
let folder = 0;
let deps: Parameters<typeof archivePage>[0];

beforeEach(async () => {
  await clearFirestore(firestore);
  folder += 1;
  const storage = createLocalDirectory(join(root, String(folder)), systemIds);
  deps = {
    source: createArchiveSource(firestore),
    storage: () => storage,
    headPathOf: () => HEAD,
    reducersOf: () => [],
  };
});

afterAll(() => rmSync(root, { recursive: true }));

/** The so manieth day of January 2030, a little past noon. */
const day = (date: number): string => new Date(Date.UTC(2030, 0, date)).toISOString().slice(0, 10);

/** A stream of so many events, one a day from the first on. */
async function aStream(count: number): Promise<void> {
  const batch = firestore.batch();
  for (let version = 1; version <= count; version += 1) {
    const event = anInvoiceEvent({
      streamVersion: version,
      ...(version === 1 ? {} : { previousHash: `h${version - 1}` }),
    });
    const at = new Timestamp(Date.UTC(2030, 0, version, 12) / 1_000, version * 1_000);
    batch.set(firestore.doc(`domain_events/${event.eventId}`), documentOf(event, at));
  }
  batch.set(firestore.doc(HEAD), { paid: true, stream: { version: count, hash: 'h', by: 't' } });
  await batch.commit();
}

async function commit(writes: readonly DocumentWrite[]): Promise<void> {
  const batch = firestore.batch();
  for (const write of writes) addWrite(firestore, batch, write);
  await batch.commit();
}

function archiveStep(place: ArchivePlace = {}, limit = 200) {
  return archivePage(deps, { orgId: 'org1', beforeMs: BEFORE, place, limit, dryRun: false });
}

async function archiveAll(limit = 200): Promise<number> {
  let done = 0;
  for (let place: ArchivePlace | undefined = {}; place !== undefined;) {
    const step: Awaited<ReturnType<typeof archiveStep>> = await archiveStep(place, limit);
    await commit(step.writes);
    done += step.done;
    place = step.next;
  }
  return done;
}

async function restoreAll(from: string, to: string, limit = 200): Promise<PageRestored[]> {
  const steps: PageRestored[] = [];
  for (let place: PartPlace | undefined = { day: to }; place !== undefined;) {
    const asked = { orgId: 'org1', from, place, limit, dryRun: false };
    const step: PageRestored = await restorePage(deps, asked);
    await commit(step.writes);
    steps.push(step);
    place = step.next;
  }
  return steps;
}

const doneBy = (steps: readonly PageRestored[]): number =>
  steps.reduce((sum, { done }) => sum + done, 0);

async function head(): Promise<unknown> {
  return (await firestore.doc(HEAD).get()).get('stream');
}

async function archivedOnly(): Promise<unknown> {
  return (await firestore.doc('archives/org1').get()).get('events');
}

async function logged(): Promise<Record<string, unknown>> {
  const { docs } = await firestore.collection('domain_events').get();
  return Object.fromEntries(docs.map((event) => [event.id, event.data()]));
}

/** The first versions that can be loaded, from this one on. */
async function loadable(fromVersion: number): Promise<unknown> {
  const entity = { orgId: 'org1', entityType: 'invoice', entityId: 'i1', headPath: HEAD };
  const source = createFirestoreStreamSource(firestore, decodeEvent);
  const first = loadStream(source, entity, { fromVersion }).next();
  return first.then(
    ({ value }) => value?.streamVersion,
    (error: unknown) => (error as { code: unknown }).code,
  );
}

describe('a stream', () => {
  test('leaves up to its last event, and says so where it is loaded', async () => {
    await aStream(5);
    expect(await archiveAll()).toBe(4);
    expect(await head()).toEqual({ version: 5, hash: 'h', by: 't', archivedThrough: 4 });
    expect((await firestore.doc(HEAD).get()).get('paid')).toBe(true);
    expect(await archivedOnly()).toBe(4);
    expect(Object.keys(await logged())).toHaveLength(1);
    expect([await loadable(1), await loadable(4), await loadable(5)]).toEqual([
      'archived',
      'archived',
      5,
    ]);
  });

  test('comes back from its newest day on, and can be loaded from there', async () => {
    await aStream(6);
    await archiveAll();
    expect(doneBy(await restoreAll(day(4), day(5)))).toBe(2);
    expect(await head()).toMatchObject({ version: 6, archivedThrough: 3 });
    expect([await loadable(3), await loadable(4)]).toEqual(['archived', 4]);
  });

  test('comes back in any order of its days, and is then as it was', async () => {
    await aStream(6);
    const [before, headBefore] = [await logged(), await head()];
    await archiveAll(2);
    await restoreAll(day(1), day(2));
    expect(await head()).toMatchObject({ archivedThrough: 5 });
    expect([await loadable(1), await loadable(6)]).toEqual(['archived', 6]);
    await restoreAll(day(3), day(5), 1);
    expect(await logged()).toEqual(before);
    expect([await head(), await archivedOnly()]).toEqual([headBefore, 0]);
  });

  test('leaves again what came back before the rest', async () => {
    await aStream(6);
    await archiveAll();
    await restoreAll(day(1), day(2));
    expect(await archiveAll()).toBe(2);
    expect(await head()).toMatchObject({ archivedThrough: 5 });
    expect([await archivedOnly(), Object.keys(await logged()).length]).toEqual([5, 1]);
  });
});

describe('a step of archiving', () => {
  test('whose process was killed before its commit is made again with the same files', async () => {
    await aStream(4);
    await archiveAll(1);
    await clearFirestore(firestore);
    await aStream(4);
    await commit((await archiveStep()).writes);
    const list = () => deps.storage().list({ prefix: 'events/v1/org1/', limit: 100 });
    const [first, files] = [await archiveStep(), await list()];
    const second = await archiveStep();
    expect(await list()).toEqual(files);
    expect(second).toEqual(first);
    expect(files).toHaveLength(6);
    await commit(second.writes);
    await expect(commit(first.writes)).rejects.toThrow(/./);
    expect([await archivedOnly(), Object.keys(await logged()).length]).toEqual([3, 1]);
  });

  test('does not delete what was changed since it was copied', async () => {
    await aStream(3);
    await commit((await archiveStep()).writes);
    const { writes } = await archiveStep();
    const [first] = Object.keys(await logged());
    await firestore.doc(`domain_events/${first}`).update({ matterId: 'm2' });
    await expect(commit(writes)).rejects.toThrow(/./);
    expect([await archivedOnly(), Object.keys(await logged()).length]).toEqual([0, 3]);
  });

  test('leaves to a stream what was appended since it was looked at', async () => {
    await aStream(3);
    await commit((await archiveStep()).writes);
    const { writes } = await archiveStep();
    await firestore.doc(HEAD).update({ stream: { version: 4, hash: 'h4', by: 't4' } });
    await commit(writes);
    expect(await head()).toEqual({ version: 4, hash: 'h4', by: 't4', archivedThrough: 2 });
  });

  test('and one of restoring do not both go through', async () => {
    await aStream(6);
    await commit((await archiveStep()).writes);
    await commit((await archiveStep({}, 3)).writes);
    const archiving = await archiveStep();
    const asked = { orgId: 'org1', from: day(1), place: { day: day(3) }, limit: 9, dryRun: false };
    const restoring = await restorePage(deps, asked);
    await commit(archiving.writes);
    await expect(commit(restoring.writes)).rejects.toThrow(/./);
    expect(await head()).toMatchObject({ archivedThrough: 5 });
  });

  test('costs a read for each event and what is around it, and no more writes than it changes', async () => {
    await aStream(5);
    await commit((await archiveStep()).writes);
    let step: Awaited<ReturnType<typeof archiveStep>> | undefined;
    const { reads } = await measure(firestore, async () => (step = await archiveStep()));
    // The count, five events, one query for their jobs, and a head.
    expect([reads, step?.reads]).toEqual([8, 8]);
    const billed = await measure(firestore, () => commit(step?.writes ?? []));
    expect(billed).toEqual({ reads: 0, writes: 2, deletes: 4 });
  });

  test('leaves an event with a job that was not sent, whatever else its row is', async () => {
    await aStream(4);
    const second = Object.keys(await logged())[1];
    await firestore.doc('outbox/a').set({ eventId: second, status: 'sent' });
    await firestore.doc('outbox/b').set({ eventId: second, status: 'cancelled' });
    expect(await archiveAll()).toBe(1);
    await firestore.doc('outbox/b').delete();
    expect(await archiveAll()).toBe(2);
  });
});

test('large events go in as many steps as a commit can bring them back in', async () => {
  const payload = { text: 'x'.repeat(200_000) };
  for (let index = 0; index < 30; index += 1) {
    const event = anInvoiceEvent({ eventId: `large${index}`, payload });
    const at = new Timestamp(Date.UTC(2030, 0, 2) / 1_000, index * 1_000);
    await firestore.doc(`domain_events/${event.eventId}`).set(documentOf(event, at));
  }
  const before = await logged();
  await commit((await archiveStep()).writes);
  const { seen, next } = await archiveStep();
  expect([seen < 30, next === undefined]).toEqual([true, false]);
  expect(await archiveAll()).toBe(30);
  const steps = await restoreAll(day(2), day(2));
  expect(doneBy(steps)).toBe(30);
  expect(steps.length).toBeGreaterThan(2);
  expect(await logged()).toEqual(before);
}, 60_000);

describe('restoring', () => {
  test('leaves what is there and is another, says so, and gives back the rest', async () => {
    await aStream(4);
    const [before, ids] = [await logged(), Object.keys(await logged())];
    await archiveAll();
    const other = { orgId: 'org1', something: 'else' };
    await firestore.doc(`domain_events/${ids[1]}`).set(other);
    const steps = await restoreAll(day(1), day(4));
    expect(steps.flatMap(({ findings }) => findings)).toMatchObject([
      { kind: 'archive-differs', eventId: ids[1] },
    ]);
    expect(await logged()).toEqual({ ...before, [String(ids[1])]: other });
    expect(await loadable(2)).toBe('stream-broken');
  });

  test('again leaves all as it is', async () => {
    await aStream(4);
    await archiveAll();
    await restoreAll(day(1), day(4));
    const before = await logged();
    const steps = await restoreAll(day(1), day(4));
    expect(steps.flatMap(({ writes }) => writes)).toEqual([]);
    expect(await logged()).toEqual(before);
  });

  test('gives back to a database that lost everything what the files have', async () => {
    await aStream(4);
    const [before, ids] = [await logged(), Object.keys(await logged())];
    await archiveAll();
    await clearFirestore(firestore);
    expect(doneBy(await restoreAll(day(1), day(31)))).toBe(3);
    const { [String(ids[3])]: _, ...archived } = before;
    expect(await logged()).toEqual(archived);
    expect(await archivedOnly()).toBe(0);
  });
});
