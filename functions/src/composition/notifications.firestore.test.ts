import { beforeEach, describe, expect, test } from '@jest/globals';
import { openWorker, redriveJob, runJobsNow, sweep } from '#outbox';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import * as commands from './commands.ts';
import type { AllDocuments } from './testing/all-documents.ts';
import { backend, call, firestore, logs } from './testing/backend.ts';
import { effectsOf, inCollection } from './testing/effects.ts';
import type { World } from './testing/world.ts';
import { aWorld, DOLLARS } from './testing/world.ts';

let world: World;

beforeEach(async () => {
  await clearFirestore(firestore);
  world = await aWorld();
  // What the world's own making told people is told before a test begins: more than one tick has room for.
  do await tick();
  while ((await pendingJobs()).length > 0);
  logs.entries.length = 0;
});

function workerBy(by: 'trigger' | 'tick') {
  const handlers = backend.subscriptions.handlersFor();
  return openWorker(backend.processor, { by, handlers, budgetMs: 100_000 });
}

async function tick(): Promise<void> {
  await sweep(workerBy('tick'), { lastFromZeroElapsedMs: undefined });
}

/** The jobs that tell people, and those that they make. */
async function pendingJobs(): Promise<string[]> {
  const { docs } = await firestore.collection('outbox').where('status', '==', 'pending').get();
  return docs.map(({ id }) => id).filter((id) => !id.startsWith('matter_billing:'));
}

async function trigger(jobIds?: readonly string[]): Promise<void> {
  await runJobsNow(workerBy('trigger'), jobIds ?? (await pendingJobs()));
}

/** Who was told what: the recipients of notifications and those of sent e-mails. */
function toldBy(written: AllDocuments) {
  const notifications = Object.values(inCollection(written, 'notifications')) as {
    readonly recipientUid: string;
  }[];
  const jobs = Object.values(inCollection(written, 'outbox')) as {
    readonly jobType: string;
    readonly status: string;
    readonly recipientUid: string;
  }[];
  const mails = jobs.filter(({ jobType, status }) => jobType === 'email' && status === 'sent');
  return {
    notified: notifications.map(({ recipientUid }) => recipientUid).toSorted(),
    mailed: mails.map(({ recipientUid }) => recipientUid).toSorted(),
  };
}

function comment(by: string): Promise<unknown> {
  const { orgId, matterId } = world;
  return call(commands.addComment, by, { orgId, matterId, body: 'Hi', mentions: ['cleo'] });
}

describe.each([
  ['the trigger', trigger],
  ['the tick', tick],
])('by %s', (_, run) => {
  test('a matter’s members hear of a comment: not its author, nor who left, nor outsiders', async () => {
    await comment('ben');
    const { written } = await effectsOf(run);
    expect(toldBy(written)).toEqual({ notified: ['cleo'], mailed: ['cleo'] });
    const [notification] = Object.values(inCollection(written, 'notifications'));
    expect(notification).toMatchObject({
      orgId: world.orgId,
      matterId: world.matterId,
      eventType: 'comment.added',
      title: 'You were mentioned',
      body: 'Hi',
      readAt: null,
    });
  });

  test('all members hear of what an admin does in their matter, once each', async () => {
    await comment('ada');
    const { written } = await effectsOf(run);
    expect(toldBy(written)).toEqual({ notified: ['ben', 'cleo'], mailed: ['ben', 'cleo'] });
  });

  test('the other admins hear of what is of no matter', async () => {
    const { orgId } = world;
    const dan = { uid: 'dan', email: 'dan@example.test', displayName: 'Dan', role: 'admin' };
    await call(commands.addMember, 'ada', { orgId, ...dan });
    await tick();
    await call(commands.createInvoice, 'ada', { orgId, ...DOLLARS });
    const { written } = await effectsOf(run);
    expect(toldBy(written)).toEqual({ notified: ['dan'], mailed: ['dan'] });
  });

  test('nobody hears of it when nobody else is left, and the job is done', async () => {
    await firestore.doc(`orgs/${world.orgId}/members/cleo`).delete();
    await comment('ben');
    const { written } = await effectsOf(run);
    expect(toldBy(written)).toEqual({ notified: [], mailed: [] });
    expect(await pendingJobs()).toEqual([]);
  });
});

test('somebody who joins after the event but before its run hears of it; who left does not', async () => {
  const { orgId, matterId } = world;
  await comment('ben');
  const jobs = await pendingJobs();
  await call(commands.addMatterMember, 'ada', { orgId, matterId, uid: 'eve' });
  await firestore.doc(`orgs/${orgId}/members/cleo`).delete();
  const { written } = await effectsOf(() => trigger(jobs));
  expect(toldBy(written)).toEqual({ notified: ['eve'], mailed: ['eve'] });
});

describe('an event told twice', () => {
  test('at once, by trigger and tick, gives each recipient one notification and one e-mail', async () => {
    await comment('ada');
    const jobs = await pendingJobs();
    const { written } = await effectsOf(() =>
      Promise.all([trigger(jobs), tick(), trigger(jobs), tick()]),
    );
    expect(toldBy(written)).toEqual({ notified: ['ben', 'cleo'], mailed: ['ben', 'cleo'] });
    const mails = logs.entries.filter(({ message }) => message === 'e-mail sent to the log');
    expect(mails.map(({ recipientUid }) => String(recipientUid)).toSorted()).toEqual([
      'ben',
      'cleo',
    ]);
  });

  test('one after the other writes nothing the second time', async () => {
    await comment('ada');
    const jobs = await pendingJobs();
    await trigger(jobs);
    const { written } = await effectsOf(async () => {
      await trigger(jobs);
      await tick();
    });
    expect([...written.keys()]).toEqual([]);
  });

  test('does not mark unread what was read meanwhile', async () => {
    await comment('ben');
    const [job = ''] = await pendingJobs();
    await trigger([job]);
    const eventId = job.split(':').at(-1) ?? '';
    const notification = firestore.doc(`notifications/${eventId}:cleo`);
    await notification.update({ readAt: new Date() });
    // As if the settle had been lost: the row is due again, its effects are there already.
    await firestore.doc(`outbox/${job}`).update({ status: 'pending', nextAttemptAt: new Date(0) });
    await trigger([job]);
    expect((await notification.get()).get('readAt')).not.toBeNull();
    expect((await firestore.doc(`outbox/${job}`).get()).get('status')).toBe('sent');
  });
});

describe('an organization of more admins than one fan-out reaches', () => {
  const others = Array.from({ length: 101 }, (_, n) => `admin${n}`);
  const memberOf = (uid: string) => firestore.doc(`orgs/${world.orgId}/members/${uid}`);

  beforeEach(async () => {
    const batch = firestore.batch();
    for (const uid of others) {
      batch.create(memberOf(uid), { uid, role: 'admin', email: `${uid}@example.test` });
    }
    await batch.commit();
    await call(commands.createInvoice, 'ada', { orgId: world.orgId, ...DOLLARS });
  });

  test('hears of nothing, but loudly: the job is a dead letter that says what to do', async () => {
    const [job = ''] = await pendingJobs();
    const { written } = await effectsOf(trigger);
    expect([...written.keys()]).toEqual([`outbox/${job}`]);
    expect(inCollection(written, 'outbox')[`outbox/${job}`]).toMatchObject({
      status: 'failed',
      attempts: 1,
      lastError: { code: 'too-many-recipients', message: expect.stringContaining('redrive') },
    });
    expect(logs.troubles).toEqual(['job failed']);
  });

  test('hears of it all when there are fewer and the job is redriven', async () => {
    const [job = ''] = await pendingJobs();
    await trigger();
    await memberOf('admin0').delete();
    expect(await redriveJob(backend.processor.store, job)).toEqual({ kind: 'redriven' });
    const { written } = await effectsOf(async () => {
      await trigger([job]);
      await tick();
    });
    const told = others.slice(1).toSorted();
    expect(toldBy(written)).toEqual({ notified: told, mailed: told });
  });
});
