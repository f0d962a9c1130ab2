import { describe, expect, test } from '@jest/globals';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { readPart } from '../archive/files.ts';
import { encodeManifest, encodePart } from '../archive/part.ts';
import type { ArchiveStorage } from '../archive/storage.ts';
import type { ArchiveVerifyPlace, VerifiedPart } from '../archive/verify-archive.ts';
import { verifyArchivePage } from '../archive/verify-archive.ts';
import type { DomainEvent } from '../event.ts';
import {
  aPlainEvent,
  archiveAll,
  archivedOnly,
  aStream,
  commit,
  day,
  deps,
  doneBy,
  firestore,
  head,
  logged,
  restoreAll,
  restoreStep,
} from '../testing/archive-stage.ts';

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

const files = () => deps.storage().list({ prefix: 'events/v1/org1/', limit: 100 });
const isManifest = (path: string): boolean => path.endsWith('.manifest.json');

/** Everything that is found, of a kind that is about the archive. */
async function verifyAll(limit = 200): Promise<unknown[]> {
  const found = [];
  const verifying = { ...deps, atNewest: (event: DomainEvent) => event };
  for (let place: ArchiveVerifyPlace | undefined = {}; place !== undefined;) {
    const page: VerifiedPart = await verifyArchivePage(verifying, { orgId: 'org1', place, limit });
    found.push(...page.findings);
    place = page.next;
  }
  // All of these have none.
  return found.filter(({ kind }) => kind !== 'content-hash');
}

/** Takes files away, as nobody should. */
function without(isLost: (path: string) => boolean): void {
  const whole = deps.storage();
  const storage: ArchiveStorage = {
    ...whole,
    get: async (path) => (isLost(path) ? undefined : whole.get(path)),
    list: async (asked) => (await whole.list(asked)).filter((path) => !isLost(path)),
  };
  Object.assign(deps, { storage: () => storage });
}

describe('what is in the archive and in the log again', () => {
  test('is counted no more when all was restored, however often', async () => {
    for (const id of ['a', 'b', 'c']) await aPlainEvent(id, 2);
    await archiveAll();
    await aPlainEvent('a', 9, { again: true });
    await aPlainEvent('b', 9, { again: true });
    const steps = await restoreAll(day(1), day(31));
    expect(doneBy(steps)).toBe(1);
    expect(steps.flatMap(({ findings }) => findings)).toMatchObject([
      { kind: 'archive-differs', eventId: 'a' },
      { kind: 'archive-differs', eventId: 'b' },
    ]);
    expect(await archivedOnly()).toBe(0);
    await restoreAll(day(1), day(31));
    expect(await archivedOnly()).toBe(0);
  });

  test('and was archived again is counted no more when all was restored', async () => {
    await aPlainEvent('a', 2);
    await archiveAll();
    await aPlainEvent('a', 9, { again: true });
    await archiveAll();
    expect(await archivedOnly()).toBe(2);
    await restoreAll(day(1), day(31), 1);
    expect(await archivedOnly()).toBe(0);
    expect(await logged()).toMatchObject({ a: { payload: { again: true } } });
  });

  test('stays counted while only some days were restored', async () => {
    await aPlainEvent('a', 2);
    await aPlainEvent('b', 5);
    await archiveAll();
    await aPlainEvent('a', 9, { again: true });
    await restoreAll(day(2), day(2));
    expect(await archivedOnly()).toBe(2);
  });

  test('stays counted where others left while all was restored', async () => {
    await aPlainEvent('a', 2);
    await archiveAll();
    await aPlainEvent('a', 9, { again: true });
    const begun = await restoreStep(day(1), day(8));
    await aPlainEvent('b', 3);
    await archiveAll();
    for (let { next } = begun; next !== undefined;) {
      const step = await restoreStep(day(1), day(31), next);
      await commit(step.writes);
      ({ next } = step);
    }
    expect(await archivedOnly()).toBe(3);
  });

  test('is found by verifying, where the two differ', async () => {
    await aPlainEvent('a', 2);
    await aPlainEvent('b', 2);
    await archiveAll();
    expect(await verifyAll()).toEqual([]);
    await aPlainEvent('a', 9, { again: true });
    expect(await verifyAll()).toMatchObject([{ kind: 'archive-differs', eventId: 'a' }]);
  });

  test('leaves a stream’s head where its last archived event is another', async () => {
    await aStream(4);
    const ids = Object.keys(await logged());
    await archiveAll();
    await firestore.doc(`domain_events/${ids[2]}`).set({ orgId: 'org1', something: 'else' });
    await restoreAll(day(1), day(4));
    expect(await head()).toMatchObject({ archivedThrough: 3 });
  });
});

describe('verifying an archive', () => {
  test('looks at each event', async () => {
    await aPlainEvent('a', 2);
    await archiveAll();
    const asked = { orgId: 'org1', place: {}, limit: 9 };
    const { findings } = await verifyArchivePage({ ...deps, atNewest: (event) => event }, asked);
    expect(findings).toMatchObject([{ kind: 'content-hash', eventId: 'a' }]);
  });

  test('counts what is there once, also where parts overlap, and finds that one is lost', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await aPlainEvent(id, 2);
    await archiveAll(1);
    await restoreAll(day(1), day(31));
    await archiveAll(2);
    expect(await archivedOnly()).toBe(4);
    expect([await verifyAll(), await verifyAll(1)]).toEqual([[], []]);
    const parts = await Promise.all(
      (await files()).filter(isManifest).map((path) => readPart(deps.storage(), path)),
    );
    const lost = parts.filter(({ lines }) => lines.some(({ id }) => id === 'a'));
    expect([parts.length, lost.length]).toEqual([6, 2]);
    without((path) => lost.some(({ manifest }) => path.startsWith(manifest.path.slice(0, -10))));
    expect(await verifyAll()).toMatchObject([
      { kind: 'archive-incomplete', expected: '1 more events in the archive' },
    ]);
  });

  test('and restoring all say that a part is lost', async () => {
    await aPlainEvent('a', 2);
    await aPlainEvent('b', 3);
    await archiveAll();
    without((path) => path.includes(day(3)));
    expect(await verifyAll()).toMatchObject([{ kind: 'archive-incomplete' }]);
    const steps = await restoreAll(day(1), day(31));
    expect(steps.flatMap(({ findings }) => findings)).toMatchObject([
      { kind: 'archive-incomplete', expected: '1 more events in the archive' },
    ]);
    expect(await archivedOnly()).toBe(1);
  });
});

describe('a part that cannot be read', () => {
  test('is said, and the others come back', async () => {
    for (const date of [2, 3, 4]) await aPlainEvent(`e${date}`, date);
    await archiveAll();
    without((path) => path.includes(day(3)) && path.endsWith('.gz'));
    const steps = await restoreAll(day(1), day(31));
    expect(steps.flatMap(({ findings }) => findings)).toMatchObject([
      { kind: 'archive-damaged', path: expect.stringContaining(day(3)) },
    ]);
    expect(Object.keys(await logged()).toSorted()).toEqual(['e2', 'e4']);
    expect(await archivedOnly()).toBe(1);
  });

  test('is that of another organization', async () => {
    await aPlainEvent('a', 2);
    await archiveAll();
    const line = { id: 'x', recordedAt: `${day(2)}T00:00:00.000000000Z`, fields: {} };
    const { file, manifest, manifestPath } = await encodePart('org1', day(2), [line]);
    await deps.storage().put(manifest.path, file);
    await deps.storage().put(manifestPath, encodeManifest({ ...manifest, orgId: 'org2' }));
    const steps = await restoreAll(day(1), day(31));
    expect(steps.flatMap(({ findings }) => findings)).toMatchObject([
      { kind: 'archive-damaged', path: manifestPath },
    ]);
    expect(Object.keys(await logged())).toEqual(['a']);
  });
});
