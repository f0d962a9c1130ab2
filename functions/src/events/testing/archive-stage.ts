import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach } from '@jest/globals';
import { Timestamp } from 'firebase-admin/firestore';
import type { DocumentWrite } from '#kernel';
import { systemIds } from '#kernel';
import { addWrite } from '#kernel/firestore';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { openEmulatorFirestore } from '../../kernel/testing/emulator-firestore.ts';
import type { ArchivePlace, PageDone } from '../archive/archive-page.ts';
import { archivePage } from '../archive/archive-page.ts';
import { createLocalDirectory } from '../archive/local-directory.ts';
import type { PageRestored, RestorePlace } from '../archive/restore-page.ts';
import { restorePage } from '../archive/restore-page.ts';
import { createArchiveSource } from '../firestore/archive-source.ts';
import { anInvoiceEvent, documentOf } from './stored-event.ts';

/** The database, emptied before each test. */
export const firestore = openEmulatorFirestore();
const root = mkdtempSync(join(tmpdir(), 'archive-'));
/** The document with the head of the one stream there is. */
export const HEAD = 'invoices/i1';
const BEFORE = Date.UTC(2030, 0, 31);
let folder = 0;
/** With an empty archive before each test. */
export let deps: Parameters<typeof archivePage>[0];

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

/** The so manieth day of January 2030. */
export const day = (date: number): string =>
  new Date(Date.UTC(2030, 0, date)).toISOString().slice(0, 10);

/** A stream of so many events, one a day from the first on, a little past noon. */
export async function aStream(count: number): Promise<void> {
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

/** An event in no stream, recorded on this day. */
export async function aPlainEvent(
  eventId: string,
  date: number,
  payload: object = {},
): Promise<void> {
  const at = new Timestamp(Date.UTC(2030, 0, date) / 1_000, 0);
  const event = anInvoiceEvent({ eventId, payload: { ...payload } });
  await firestore.doc(`domain_events/${eventId}`).set(documentOf(event, at));
}

/** Commits writes, all or none. */
export async function commit(writes: readonly DocumentWrite[]): Promise<void> {
  const batch = firestore.batch();
  for (const write of writes) addWrite(firestore, batch, write);
  await batch.commit();
}

/** What a step of archiving answers; nothing is committed. */
export function archiveStep(
  place: ArchivePlace = {},
  limit = 200,
): Promise<PageDone<ArchivePlace>> {
  return archivePage(deps, { orgId: 'org1', beforeMs: BEFORE, place, limit, dryRun: false });
}

/** Archives what may go; answers how many events that were. */
export async function archiveAll(limit = 200): Promise<number> {
  let done = 0;
  for (let place: ArchivePlace | undefined = {}; place !== undefined;) {
    const step: PageDone<ArchivePlace> = await archiveStep(place, limit);
    await commit(step.writes);
    done += step.done;
    place = step.next;
  }
  return done;
}

/** What a step of restoring answers; nothing is committed. */
export function restoreStep(
  from: string,
  to: string,
  place?: RestorePlace,
  limit = 200,
): Promise<PageRestored> {
  const asked = { orgId: 'org1', from, to, place: place ?? { day: to }, limit, dryRun: false };
  return restorePage(deps, asked);
}

/** Restores these days, step by step. */
export async function restoreAll(from: string, to: string, limit = 200): Promise<PageRestored[]> {
  const steps: PageRestored[] = [];
  for (let place: RestorePlace | undefined = { day: to }; place !== undefined;) {
    const step: PageRestored = await restoreStep(from, to, place, limit);
    await commit(step.writes);
    steps.push(step);
    place = step.next;
  }
  return steps;
}

/** How many events came back. */
export const doneBy = (steps: readonly PageRestored[]): number =>
  steps.reduce((sum, { done }) => sum + done, 0);

/** What is stored of the stream. */
export async function head(): Promise<unknown> {
  return (await firestore.doc(HEAD).get()).get('stream');
}

/** How many events are in the archive only, as it is counted. */
export async function archivedOnly(): Promise<unknown> {
  return (await firestore.doc('archives/org1').get()).get('events');
}

/** The log by its ids. */
export async function logged(): Promise<Record<string, unknown>> {
  const { docs } = await firestore.collection('domain_events').get();
  return Object.fromEntries(docs.map((event) => [event.id, event.data()]));
}
