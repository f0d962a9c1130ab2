import { beforeEach, expect, test } from '@jest/globals';
import { Timestamp } from 'firebase-admin/firestore';
import { pauseJobs } from '#outbox';
import { describeJobs } from '../composition/describe.ts';
import { backend, firestore } from '../composition/testing/backend.ts';
import { aWorld } from '../composition/testing/world.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { measure } from '../kernel/testing/meter.ts';
import { openApi } from './testing/api.ts';
import { failForGood, plantJob } from './testing/dead-letters.ts';
import type { OpsAnswer } from './testing/ops-answers.ts';
import { asOperator } from './testing/ops-answers.ts';

/** Whoever is told of alerts. */
const admin = firestore.doc('orgs/_platform/members/olga');

let ask: () => Promise<OpsAnswer>;

beforeEach(async () => {
  await clearFirestore(firestore);
  await firestore.doc('outbox_metrics/tick1').set({ lastTickAt: Timestamp.now() });
  await admin.set({ uid: 'olga', email: 'olga@example.test', role: 'admin' });
  const askOps = asOperator(await openApi(await aWorld()));
  ask = () => askOps('GET', 'doctor');
});

const DAY_MS = 86_400_000;
const MADE = ['settings', 'clock', 'tick', 'listeners', 'backlog', 'lines', 'pauses', 'operations'];
const NOT_MADE = ['parameters', 'runtime', 'indexes', 'secrets', 'schedules'];

test('in the emulator nothing is found, and the doctor says what it could not look at', async () => {
  const { status, verdict, findings, looks } = await ask();
  expect([status, verdict, findings]).toEqual([200, 'incomplete', []]);
  const namesOf = (made: boolean) =>
    looks.filter((one) => one.looked === made).map((one) => one.name);
  expect([namesOf(true).toSorted(), namesOf(false).toSorted()]).toEqual([
    MADE.toSorted(),
    NOT_MADE.toSorted(),
  ]);
});

test('what is late, dead, of nobody, blocked, forgotten and failed is found by its id', async () => {
  const outbox = firestore.collection('outbox');
  const { docs } = await outbox.where('jobType', '==', 'notif').limit(3).get();
  const [late, dead, blocking] = docs.map((row) => row.id);
  await outbox.doc(late!).update({ nextAttemptAt: Timestamp.fromMillis(Date.now() - 300_000) });
  await failForGood([dead!, blocking!]);
  await outbox.doc(blocking!).update({ blocking: true, orderingKey: 'line', sequence: 1 });
  await plantJob({ id: 'gone:org1:e1', jobType: 'gone', orgId: 'org1' });
  await pauseJobs(backend.store, { jobType: 'email' }, { by: 'ops', reason: 'Full.' });
  await backend.store.editControls((table) => ({
    ...table,
    pauses: table.pauses.map((pause) => ({ ...pause, atMs: pause.atMs - 2 * DAY_MS })),
  }));
  const started = {
    kind: 'cancel',
    params: { all: true },
    by: 'ops',
    reason: 'R',
    correlationId: 'c',
  };
  const { id } = await backend.operations.start(started);
  await firestore.doc(`operations/${id}`).update({ state: 'failed', endedAt: Timestamp.now() });
  const { id: standing } = await backend.operations.start(started);
  await firestore.doc(`operations/${standing}`).update({ updatedAt: Timestamp.fromMillis(1) });
  await firestore.doc('outbox_metrics/tick1').delete();
  await admin.update({ role: 'member' });
  const { verdict, findings } = await ask();
  expect(verdict).toBe('findings');
  expect(new Map(findings.map(({ code, where }) => [code, where]))).toEqual(
    new Map([
      ['tick-missing', 'outboxProcessor'],
      ['alerts-unheard', 'orgs/_platform/members'],
      ['jobs-late', late],
      ['jobs-without-code', 'outbox'],
      ['line-blocked', blocking],
      ['dead-letters', 'outbox'],
      ['pause-old', 'jobType:email'],
      ['operation-failed', id],
      ['operation-stands', standing],
    ]),
  );
});

test('a diagnosis costs three reads for each type of job, and fifteen', async () => {
  const { reads, writes } = await measure(firestore, ask);
  expect([reads, writes]).toEqual([3 * describeJobs().length + 15, 0]);
});
