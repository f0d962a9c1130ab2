import { describe, expect, test } from '@jest/globals';
import { Timestamp } from 'firebase-admin/firestore';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { measure } from '../../kernel/testing/meter.ts';
import { archivePage, counting } from '../archive/archive-page.ts';
import { decodeEvent } from '../emit/event-document.ts';
import { encodeSnapshot, snapshotPath } from '../snapshots/snapshot.ts';
import { loadStream } from '../streams/load-stream.ts';
import {
  archiveAll,
  archivedOnly,
  archiveStep,
  aStream,
  commit,
  day,
  deps,
  doneBy,
  firestore,
  head,
  HEAD,
  logged,
  restoreAll,
  restoreStep,
} from '../testing/archive-stage.ts';
import { anInvoiceEvent, documentOf } from '../testing/stored-event.ts';
import { createFirestoreStreamSource } from './stream-source.ts';

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
    const restoring = await restoreStep(day(1), day(3));
    await commit(archiving.writes);
    await expect(commit(restoring.writes)).rejects.toThrow(/./);
    expect(await head()).toMatchObject({ archivedThrough: 5 });
  });

  test('and what is made of the log meanwhile do not both go through', async () => {
    await aStream(4);
    await commit((await archiveStep()).writes);
    const asItIs = async () => {
      const { state } = await deps.source.state('org1');
      return state === undefined ? [] : [counting('org1', state)];
    };
    const [first, before] = [await archiveStep({}, 1), await asItIs()];
    await commit(before);
    await expect(commit(first.writes)).rejects.toThrow(/./);
    const second = await asItIs();
    await commit((await archiveStep({}, 1)).writes);
    await expect(commit(second)).rejects.toThrow(/./);
    expect(await archivedOnly()).toBe(1);
  });

  test('leaves what only some of those who make states of it have kept', async () => {
    await aStream(5);
    const owners = [2, 4].map((version) => ({ name: `n${version}`, schemaVersion: 1, version }));
    for (const { version, ...owner } of owners) {
      const stream = { orgId: 'org1', entityType: 'invoice', entityId: 'i1' };
      const state = { state: {}, version, hash: 'h', recordedAtMs: 1 };
      const document = encodeSnapshot(stream, owner, state);
      await commit([{ kind: 'set', path: snapshotPath(stream, owner), data: document }]);
    }
    await commit((await archiveStep()).writes);
    const asked = { orgId: 'org1', beforeMs: Date.UTC(2031, 0), place: {}, limit: 9, dryRun: true };
    const kept = await archivePage({ ...deps, reducersOf: () => owners }, asked);
    expect(kept).toMatchObject({ done: 2, skipped: { 'no-snapshot': 1 } });
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
