import { beforeEach, describe, expect, test } from '@jest/globals';
import { initializeApp } from 'firebase-admin/app';
import { getFirestore, Timestamp } from 'firebase-admin/firestore';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { ManualClock } from '../kernel/testing/manual-clock.ts';
import { measure } from '../kernel/testing/meter.ts';
import { KeptLogs } from '../outbox/testing/a-worker.ts';
import { createMetricsStore } from './firestore.ts';
import { Gathered } from './gathered.ts';
import type { Metrics } from './recorder.ts';
import { createMetrics } from './recorder.ts';
import { reportOf } from './report.ts';
import { WINDOW_MS } from './store.ts';
import { anEnd, AT } from './testing/an-end.ts';

const firestore = getFirestore(initializeApp());
const documents = firestore.collection('outbox_metrics');
const store = createMetricsStore(firestore);

beforeEach(() => clearFirestore(firestore));

function anInstance(instanceId: string, clock = new ManualClock()): Metrics {
  return createMetrics({ store, instanceId, clock, logger: new KeptLogs(), slowMs: 2_000 });
}

const reportSince = async (fromMs: number) => reportOf(await store.read(fromMs), AT + 1);

describe('what instances write', () => {
  test('is one document each, written once a minute, that expires a day after its window', async () => {
    const clock = new ManualClock();
    const metrics = anInstance('one', clock);
    const minute = async (): Promise<number> => {
      const { writes, reads } = await measure(firestore, async () => {
        for (let call = 0; call < 3; call += 1) {
          metrics.observe(anEnd({ atMs: AT + clock.elapsedMs() }));
          await metrics.writeDue();
        }
      });
      clock.advance(60_000);
      return writes + reads;
    };
    expect([await minute(), await minute(), await minute()]).toEqual([1, 1, 1]);
    const { docs } = await documents.get();
    expect(docs.map(({ id }) => id)).toEqual([`one-${AT}`]);
    const expireAt = Timestamp.fromMillis(AT + WINDOW_MS + 24 * 3_600_000);
    expect(docs[0]!.get('expireAt')).toEqual(expireAt);
  });

  test('is added up, and what was before the time that is asked for left out', async () => {
    for (const instanceId of ['one', 'two']) {
      const metrics = anInstance(instanceId);
      metrics.observe(anEnd({ waitedMs: 10 }));
      metrics.observe(anEnd({ jobType: 'email', sink: 'smtp', ageMs: 2_500, waitedMs: 30 }));
      await metrics.writeDue();
    }
    const before = anInstance('before');
    before.observe(anEnd({ atMs: AT - 1 }));
    await before.writeDue();
    const report = await reportSince(AT + 300_000);
    expect(report).toMatchObject({ fromMs: AT, isTruncated: false });
    expect(report.total).toMatchObject({ sent: 4, dispatch: { count: 4, maxMs: 30 } });
    expect(report.sinks).toMatchObject([{ name: 'smtp', sent: 2 }]);
    expect(report.slow).toHaveLength(2);
    expect((await reportSince(AT - 1)).total.sent).toBe(5);
  });

  test('has totals that outlive it, for which only a failure costs a write more', async () => {
    const clock = new ManualClock();
    for (const instanceId of ['one', 'two', 'three']) {
      const metrics = anInstance(instanceId, clock);
      metrics.observe(anEnd({ jobType: 'a.b', end: 'retry' }));
      metrics.observe(anEnd({ jobType: 'a.b', end: 'failed', reason: 'poison' }));
      const { writes } = await measure(firestore, () => metrics.writeDue());
      expect(writes).toBe(2);
    }
    const { failures, deadLetters } = await store.totals();
    expect([...failures]).toEqual([['a.b', 6]]);
    expect([...deadLetters.get('a.b')!]).toEqual([['poison', 3]]);
  });

  test('is counted by the totals once, however often it is written', async () => {
    const clock = new ManualClock();
    const metrics = anInstance('one', clock);
    for (let minute = 0; minute < 3; minute += 1) {
      metrics.observe(anEnd({ end: 'retry', atMs: AT + clock.elapsedMs() }));
      await metrics.writeDue();
      clock.advance(60_000);
    }
    expect([...(await store.totals()).failures]).toEqual([['notif', 3]]);
  });

  test('says when the scheduled sweep last came to its end', async () => {
    expect(await store.lastTickMs()).toBeUndefined();
    for (const atMs of [AT, AT + 120_000, AT + 60_000]) {
      const metrics = anInstance(`at${atMs}`);
      metrics.ticked(atMs);
      await metrics.writeDue();
    }
    const { reads } = await measure(firestore, () => store.lastTickMs());
    expect([await store.lastTickMs(), reads]).toEqual([AT + 120_000, 1]);
  });
});

describe('a question', () => {
  test('costs a read for each instance and window, and one where there is none', async () => {
    expect((await measure(firestore, () => store.read(AT))).reads).toBe(1);
    for (const instanceId of ['one', 'two', 'three']) {
      const metrics = anInstance(instanceId);
      metrics.observe(anEnd());
      await metrics.writeDue();
    }
    expect((await measure(firestore, () => store.read(AT))).reads).toBe(3);
  });

  test('is answered of what is readable', async () => {
    const metrics = anInstance('one');
    metrics.observe(anEnd());
    await metrics.writeDue();
    const odd = { windowAt: Timestamp.fromMillis(AT), gathered: Buffer.from('x') };
    await documents.doc('odd').set(odd);
    expect((await reportSince(AT)).total.sent).toBe(1);
  });

  test('reads no more than 2,000 documents, the newest, and says from when on they are whole', async () => {
    const gathered = new Gathered();
    gathered.add(anEnd(), 2_000);
    const bytes = gathered.toBytes();
    const writer = firestore.bulkWriter();
    const writes: Promise<unknown>[] = [];
    // 500 instances, of five windows: the fifth is not reached, the fourth is the last to be read.
    for (let n = 0; n < 2_500; n += 1) {
      const windowAt = Timestamp.fromMillis(AT + Math.floor(n / 500) * WINDOW_MS);
      const data = { windowAt, gathered: bytes };
      writes.push(writer.create(documents.doc(`instance${n}`), data));
    }
    await writer.close();
    await Promise.all(writes);
    const { reads } = await measure(firestore, async () => {
      const { fromMs, isTruncated, gathered: read } = await store.read(AT);
      expect([fromMs, isTruncated, read.all.ends.sent]).toEqual([AT + 2 * WINDOW_MS, true, 2_000]);
    });
    expect(reads).toBe(2_000);
  });
});
