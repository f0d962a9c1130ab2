import { beforeEach, describe, expect, test } from '@jest/globals';
import { Timestamp } from 'firebase-admin/firestore';
import { DAY_MS } from '#kernel';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { firestore } from '../testing/firestore-log.ts';
import { PlantedLog, sayOf } from '../testing/planted-log.ts';
import { planStream } from '../testing/planned-stream.ts';
import { createTestIntegrity, findInPages } from '../testing/verified-log.ts';
import { writeAll } from '../testing/write-all.ts';

const log = new PlantedLog(firestore);

beforeEach(async () => {
  await clearFirestore(firestore);
  await log.plant();
});

describe('what is right is no finding:', () => {
  test('events that have left for the archive, as far as the head says so', async () => {
    await Promise.all([1, 2, 3].map((version) => log.version(version).delete()));
    await log.head.update({ 'stream.archivedThrough': 3 });
    expect(await findInPages(firestore, 200)).toEqual([]);
    expect(await findInPages(firestore, 1)).toEqual([]);
    await log.head.update({ 'stream.archivedThrough': 2 });
    expect(await findInPages(firestore, 200)).toEqual([['version-gap', log.idOf(3)]]);
  });

  test('an event whose jobs were deleted in time; it is counted, since nobody can judge it', async () => {
    const ids = ['notif:org1:second', 'audit:org1:second'];
    await Promise.all(ids.map((id) => firestore.doc(`outbox/${id}`).delete()));
    const nearlyMs = Date.now() - 7 * DAY_MS + 60_000;
    await log.event('second').update({ timestamp: Timestamp.fromMillis(nearlyMs) });
    expect(await findInPages(firestore, 200)).toEqual([['missing-job', 'second']]);
    await log.event('second').update({ timestamp: Timestamp.fromMillis(nearlyMs - 120_000) });
    const report = await createTestIntegrity(firestore, 200).verifyIntegrity('org1');
    expect(report).toMatchObject({ findings: [], jobsNotJudged: 1 });
  });

  test('an event that was stored at an older version of its type', async () => {
    const older = { eventType: 'invoice.sent', schemaVersion: 1, payload: { amount: 5 } };
    await log.forge(log.event('first'), older);
    expect(await findInPages(firestore, 200)).toEqual([]);
    await log.forge(log.event('first'), { payload: { amount: 'five' } });
    expect(await findInPages(firestore, 200)).toEqual([['schema', 'first']]);
  });

  test('what is appended and archived between two pages', async () => {
    let moved = 0;
    const findings = await findInPages(firestore, 1, async ({ stream }) => {
      // The next page begins behind what is archived now.
      if (stream?.hash !== log.head.id || stream.version !== 1) return;
      await moveOn();
      moved += 1;
    });
    expect([findings, moved]).toEqual([[], 1]);
  });
});

/** Of the longer stream, appends version 6 and archives the first three. */
async function moveOn(): Promise<void> {
  const { writes, head } = planStream(6, sayOf('note1'));
  await writeAll(firestore, writes.slice(5, 6));
  await log.head.set({ stream: { ...head, archivedThrough: 3 } });
  await Promise.all([1, 2, 3].map((version) => log.version(version).delete()));
}
