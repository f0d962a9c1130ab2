import { beforeEach, describe, expect, test } from '@jest/globals';
import { Timestamp } from 'firebase-admin/firestore';
import { openWorker, runJobsNow } from '#outbox';
import { plantJob } from '../api/testing/dead-letters.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { createLosingAnswers, DEADLINE_EXCEEDED } from '../kernel/testing/losing-answers.ts';
import { measure } from '../kernel/testing/meter.ts';
import { KeptLogs } from '../outbox/testing/a-worker.ts';
import { createBackend } from './create-backend.ts';
import { DEFAULT_SETTINGS, parseSettings } from './settings.ts';
import { createMetrics } from '../metrics/index.ts';
import { anEnd } from '../metrics/testing/an-end.ts';
import { systemClock } from '#kernel';
import { backend, firestore, logs } from './testing/backend.ts';

const outbox = firestore.collection('outbox');
const { alerts } = backend;

beforeEach(async () => {
  await clearFirestore(firestore);
  logs.entries.length = 0;
});

const failed = (count: number): Promise<unknown> =>
  Promise.all(
    Array.from({ length: count }, (_, index) =>
      plantJob({ id: `mail:org1:e${index}`, jobType: 'mail', status: 'failed' }),
    ),
  );

async function events(): Promise<unknown[]> {
  const ofPlatform = firestore.collection('domain_events').where('orgId', '==', '_platform');
  const { docs } = await ofPlatform.get();
  const inOrder = docs.toSorted((a, b) =>
    a.createTime.valueOf() < b.createTime.valueOf() ? -1 : 1,
  );
  return inOrder.map((event): unknown[] => [
    event.get('eventType'),
    event.get('entityId'),
    event.get('payload.value'),
  ]);
}

const raisedNow = async (): Promise<string[]> =>
  (await alerts.list()).filter(({ raised }) => raised !== undefined).map(({ alert }) => alert);

const told = (): unknown[] =>
  logs.entries
    .filter(({ message }) => message.startsWith('alert '))
    .map(({ severity, message, alert }) => [severity, message, alert]);

describe('an alert', () => {
  test('is raised once and resolved once, by events and by lines of the log', async () => {
    await failed(11);
    await alerts.look();
    await alerts.look();
    expect(await raisedNow()).toEqual(['dead_letters']);
    await Promise.all(['e0', 'e1', 'e2'].map((id) => outbox.doc(`mail:org1:${id}`).delete()));
    await alerts.look();
    await alerts.look();
    expect(await raisedNow()).toEqual([]);
    expect(await events()).toEqual([
      ['platform.alert_raised', 'dead_letters', 11],
      ['platform.alert_resolved', 'dead_letters', 8],
    ]);
    expect(told()).toEqual([
      ['ALERT', 'alert raised', 'dead_letters'],
      ['INFO', 'alert resolved', 'dead_letters'],
    ]);
  });

  test('leaves those alone that were raised at another tick', async () => {
    await failed(11);
    await alerts.look();
    const [deadLetters] = await alerts.list();
    await plantJob({ nextAttemptAt: Timestamp.now().toMillis() - 601_000 });
    await alerts.look();
    expect(await raisedNow()).toEqual(['dead_letters', 'oldest_due']);
    expect((await alerts.list())[0]).toEqual(deadLetters);
    await Promise.all(['e0', 'e1', 'e2'].map((id) => outbox.doc(`mail:org1:${id}`).delete()));
    await alerts.look();
    await alerts.look();
    expect(await raisedNow()).toEqual(['oldest_due']);
    expect(told()).toEqual([
      ['ALERT', 'alert raised', 'dead_letters'],
      ['ALERT', 'alert raised', 'oldest_due'],
      ['INFO', 'alert resolved', 'dead_letters'],
    ]);
  });

  test('is raised once by ticks that look at the same time, each of which may say so', async () => {
    await failed(11);
    await Promise.all([alerts.look(), alerts.look(), alerts.look()]);
    expect(await events()).toEqual([['platform.alert_raised', 'dead_letters', 11]]);
    expect(new Set(told().map(String))).toEqual(new Set(['ALERT,alert raised,dead_letters']));
  });

  test('is raised once, and told of, where the answer to its commit is lost', async () => {
    const losing = createLosingAnswers();
    const kept = new KeptLogs();
    const settings = parseSettings(DEFAULT_SETTINGS);
    const other = createBackend({ firestore: losing.firestore, settings, logger: kept });
    await failed(11);
    losing.loseCommitAnswers(1, { code: DEADLINE_EXCEEDED });
    await other.alerts.look();
    // The callback was run again, and found that it had nothing to write any more.
    expect(losing.commitsSent()).toBe(2);
    expect(await events()).toEqual([['platform.alert_raised', 'dead_letters', 11]]);
    expect(kept.entries.filter(({ severity }) => severity === 'ALERT')).toHaveLength(1);
  });

  test('is raised of a job that nobody takes', async () => {
    const nextAttemptAt = Timestamp.now().toMillis() - 601_000;
    await plantJob({ nextAttemptAt });
    await alerts.look();
    expect(await raisedNow()).toEqual(['oldest_due']);
  });

  test('is not raised of bulk work, which waits on purpose', async () => {
    await plantJob({ slot: 1_000, nextAttemptAt: Timestamp.now().toMillis() - 601_000 });
    expect(await alerts.look()).toEqual([]);
  });

  test.each([
    [20, ['latency_p95']],
    [19, []],
  ])('is raised of %i late jobs: %j', async (count, expected) => {
    const metrics = createMetrics({
      store: backend.metricsStore,
      instanceId: 'one',
      clock: systemClock,
      logger: logs,
      slowMs: 2_000,
    });
    const atMs = Timestamp.now().toMillis();
    for (let n = 0; n < count; n += 1) metrics.observe(anEnd({ atMs, ageMs: 3_000 }));
    await metrics.writeDue();
    await alerts.look();
    expect(await raisedNow()).toEqual(expected);
  });

  test('travels like any other event: the admins of the platform’s own tenant hear of it', async () => {
    const member = { uid: 'olga', email: 'olga@example.test', role: 'admin' };
    await firestore.doc('orgs/_platform/members/olga').set(member);
    await failed(11);
    await alerts.look();
    const { docs } = await outbox
      .where('orgId', '==', '_platform')
      .where('jobType', '==', 'notif')
      .get();
    const worker = openWorker(backend.processor, {
      by: 'trigger',
      budgetMs: 60_000,
      handlers: backend.subscriptions.handlersFor(),
    });
    await runJobsNow(
      worker,
      docs.map(({ id }) => id),
    );
    const { docs: notices } = await firestore.collection('notifications').get();
    expect(
      notices.map((notice): unknown[] => [notice.get('recipientUid'), notice.get('title')]),
    ).toEqual([['olga', 'An alert was raised']]);
  });

  test('begins anew where its state was written over by hand', async () => {
    await failed(11);
    await firestore.doc('outbox_metrics/alerts').set({ raised: 'by hand' });
    await alerts.look();
    expect(await raisedNow()).toEqual(['dead_letters']);
    expect(told()).toHaveLength(1);
  });
});

describe('a look', () => {
  test('costs six reads where there is nothing, and no write', async () => {
    expect(await measure(firestore, () => alerts.look())).toEqual({
      reads: 6,
      writes: 0,
      deletes: 0,
    });
  });

  test('counts no further than it has to', async () => {
    await failed(30);
    const { reads } = await measure(firestore, () => alerts.look());
    // The seventh is the transaction's, which notes it.
    expect(reads).toBe(7);
    expect((await alerts.list())[0]).toMatchObject({
      alert: 'dead_letters',
      raised: { value: 11 },
    });
  });
});
