import { beforeEach, describe, expect, test } from '@jest/globals';
import { Timestamp } from 'firebase-admin/firestore';
import { openWorker, pauseJobs, runJobsNow } from '#outbox';
import { describeJobs } from '../composition/describe.ts';
import { backend, firestore } from '../composition/testing/backend.ts';
import type { World } from '../composition/testing/world.ts';
import { aWorld } from '../composition/testing/world.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { measure } from '../kernel/testing/meter.ts';
import { T0 } from '../outbox/testing/factories.ts';
import { openApi } from './testing/api.ts';
import { failForGood, plantJob } from './testing/dead-letters.ts';
import type { OpsAnswer } from './testing/ops-answers.ts';
import { asOperator } from './testing/ops-answers.ts';

const outbox = firestore.collection('outbox');
const jobTypes = describeJobs().map(({ id }) => id);
/** Eight normal ones and four for bulk work. */
const SLOTS = [0, 1, 2, 3, 4, 5, 6, 7, 1000, 1001, 1002, 1003];

let world: World;
let get: (path: string) => Promise<OpsAnswer>;

beforeEach(async () => {
  await clearFirestore(firestore);
  world = await aWorld();
  const ask = asOperator(await openApi(world));
  get = (path) => ask('GET', path);
});

/** The ids of some of an organization's jobs that tell people. */
/** Of what people did: what handlers do comes from nowhere. */
async function notifs(count: number, orgId = world.orgId): Promise<string[]> {
  const { docs } = await outbox.where('jobType', '==', 'notif').where('orgId', '==', orgId).get();
  const events = await firestore.getAll(
    ...docs.map((row) => firestore.doc(`domain_events/${String(row.get('eventId'))}`)),
  );
  const ofPeople = docs.filter((_, index) => events[index]?.get('actor.actorType') === 'user');
  return ofPeople.slice(0, count).map(({ id }) => id);
}

const idsIn = ({ jobs }: OpsAnswer): string[] => jobs.map(({ id }) => id);

async function readsOf(path: string): Promise<number> {
  const { reads, writes } = await measure(firestore, () => get(path));
  expect(writes).toBe(0);
  return reads;
}

describe('health', () => {
  test('names who has been due for the longest, and is late when two ticks have come since', async () => {
    expect(await get('health')).toMatchObject({ late: false, deadLetters: 0, pauses: [] });
    const [jobId = ''] = await notifs(1);
    const dueAt = Timestamp.fromMillis(Timestamp.now().toMillis() - 300_000);
    await outbox.doc(jobId).update({ nextAttemptAt: dueAt });
    const { late, oldestDue } = await get('health');
    expect([late, oldestDue?.jobId, oldestDue?.jobType]).toEqual([true, jobId, 'notif']);
    expect(oldestDue?.ageMs).toBeGreaterThanOrEqual(300_000);
  });

  test('counts dead letters, and says who paused what, and why', async () => {
    await failForGood(await notifs(2));
    await pauseJobs(backend.store, { jobType: 'email' }, { by: 'ops', reason: 'Full.' });
    const { deadLetters, pauses } = await get('health');
    expect(deadLetters).toBe(2);
    expect(pauses).toEqual([
      { id: 'jobType:email', jobType: 'email', by: 'ops', reason: 'Full.', at: expect.any(String) },
    ]);
  });

  test('costs four reads', async () => {
    expect(await readsOf('health')).toBe(4);
  });
});

describe('the statistics', () => {
  test('count what waits, runs and failed, by type, of all organizations or one', async () => {
    await failForGood(await notifs(2));
    await plantJob({
      id: 'gone:org1:e1',
      jobType: 'gone',
      orgId: 'org1',
      orderingKey: 'l',
      sequence: 1,
    });
    const all = await get('stats');
    expect(all.types.map(({ jobType }) => jobType)).toEqual(jobTypes);
    const notif = all.types.find(({ jobType }) => jobType === 'notif');
    const rows = (await outbox.count().get()).data().count;
    expect(notif).toMatchObject({ failed: 2, processing: 0 });
    expect(all.total).toEqual({ pending: rows - 2, processing: 0, failed: 2 });
    const { slots = [] } = all;
    expect(slots.map(({ slot }) => slot)).toEqual(SLOTS);
    expect(slots.reduce((sum, { open }) => sum + open, 0)).toBe(rows - 2);
    expect([all.others, all.blockedLines]).toEqual([{ pending: 1, processing: 0, failed: 0 }, 0]);
    const other = await get(`stats?orgId=${world.otherOrgId}`);
    expect([other.total.failed, other.others.pending, other.slots]).toEqual([0, 0, undefined]);
    expect(other.total.pending).toBeGreaterThan(0);
    expect(other.total.pending).toBeLessThan(all.total.pending);
  });

  test('cost three reads for each type, three for all, one for the lines, and of all one for each slot, too', async () => {
    const reads = 3 * jobTypes.length + 4;
    // The controls, and what was sent.
    const ofAll = reads + SLOTS.length + 1 + 2;
    expect([await readsOf('stats'), await readsOf('stats?orgId=x')]).toEqual([ofAll, reads]);
  });
});

describe('the subscriptions', () => {
  test('say who reacts to what, with their backlog and their newest error', async () => {
    const [older = '', newer = ''] = await notifs(2);
    await failForGood([older], 'First.');
    await failForGood([newer], 'Then.');
    const { subscriptions } = await get('subscriptions');
    const byId = new Map(subscriptions.map((one) => [one.id, one]));
    expect([...byId.keys()]).toEqual(jobTypes);
    expect(byId.get('email')).toMatchObject({ patterns: [], kind: 'external', failed: 0 });
    expect(byId.get('notif')).toMatchObject({
      patterns: ['*'],
      kind: 'transactional',
      policy: backend.settings.policy,
      failed: 2,
      newestDeadLetter: { jobId: newer, reason: 'permanent', code: 'gone', message: 'Then.' },
    });
  });

  test('cost as much as the statistics, a read for each type, and one for each due job', async () => {
    const due = (await outbox.count().get()).data().count;
    expect(due).toBeLessThan(200);
    expect(await readsOf('subscriptions')).toBe(4 * jobTypes.length + 6 + due);
  });
});

describe('a list of jobs', () => {
  test('goes through all of them, page by page', async () => {
    const { docs } = await outbox.get();
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await get(`jobs?limit=7${cursor}`);
      seen.push(...idsIn(page));
      cursor = page.nextCursor === undefined ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(docs.map(({ id }) => id));
  });

  test('is of a state, an organization, a type, and of what has an index together', async () => {
    await failForGood(await notifs(2));
    const [failed, theirs] = [
      await get('jobs?status=failed'),
      await get(`jobs?orgId=${world.otherOrgId}`),
    ];
    expect(failed.jobs.map(({ status }) => status)).toEqual(['failed', 'failed']);
    expect(new Set(theirs.jobs.map(({ orgId }) => orgId))).toEqual(new Set([world.otherOrgId]));
    const filters = `orgId=${world.orgId}&jobType=notif&status=failed`;
    expect(idsIn(await get(`jobs?${filters}`)).toSorted()).toEqual(idsIn(failed).toSorted());
    const unsupported = await get(`jobs?orgId=${world.orgId}&jobType=notif`);
    expect(unsupported).toMatchObject({ status: 400, code: 'unsupported-query' });
    expect(unsupported.detail).toContain('no index for orgId + jobType. ');
    expect(unsupported.detail).toContain('orgId + jobType + status');
  });

  test('takes a cursor of its own only', async () => {
    const { nextCursor = '' } = await get('jobs?status=pending&limit=1');
    expect((await get(`jobs?status=pending&limit=2&cursor=${nextCursor}`)).status).toBe(200);
    for (const path of ['jobs?', 'jobs?status=failed&', 'dead-letters?']) {
      expect(await get(`${path}cursor=${nextCursor}`)).toMatchObject({ code: 'bad-cursor' });
    }
  });

  test('tells what a job would send to nobody, and a row that is no job apart', async () => {
    await runJobsNow(
      openWorker(backend.processor, {
        by: 'trigger',
        budgetMs: 100_000,
        handlers: backend.subscriptions.handlersFor(),
      }),
      await notifs(20),
    );
    await outbox.doc('broken').set({ status: 'pending', jobType: 'email', orgId: 'org1' });
    const { jobs, malformed } = await get('jobs?jobType=email&limit=200');
    const stored = await outbox.where('jobType', '==', 'email').get();
    expect(JSON.stringify(stored.docs.map((row) => row.data()))).toContain('@example.test');
    expect(jobs.length).toBe(stored.size - 1);
    expect(JSON.stringify(jobs)).not.toContain('@');
    expect(malformed).toEqual([{ id: 'broken', problem: expect.stringContaining('metadata') }]);
  });
});

describe('a list of dead letters', () => {
  test('has the newest failure first, page by page', async () => {
    const ids = await notifs(3);
    for (const id of ids) await failForGood([id]);
    const first = await get('dead-letters?limit=2');
    const second = await get(`dead-letters?limit=2&cursor=${first.nextCursor}`);
    expect([...idsIn(first), ...idsIn(second)]).toEqual(ids.toReversed());
    expect(second.nextCursor).toBeUndefined();
    expect([await readsOf('dead-letters'), await readsOf('jobs?limit=4')]).toEqual([3, 4]);
    expect(first.jobs[0]).toMatchObject({
      failure: { reason: 'permanent' },
      lastError: { code: 'gone', message: 'Not there.' },
    });
  });

  test('is of an organization, a type, a reason and a time', async () => {
    const [[own = ''], [theirs = '']] = [await notifs(1), await notifs(1, world.otherOrgId)];
    await failForGood([own, theirs]);
    const failure = { reason: 'poison', at: T0 } as const;
    await plantJob({ id: 'gone:org1:e1', jobType: 'gone', status: 'failed', failure });
    const at = (ms: number): string => new Date(ms).toISOString();
    const found = async (filters: string) => idsIn(await get(`dead-letters?${filters}`)).toSorted();
    expect(await found(`orgId=${world.orgId}`)).toEqual([own]);
    expect(await found('jobType=notif')).toEqual([own, theirs].toSorted());
    expect(await found(`jobType=notif&orgId=${world.otherOrgId}`)).toEqual([theirs]);
    expect(await found('reason=poison')).toEqual(['gone:org1:e1']);
    expect(await found(`reason=permanent&orgId=${world.orgId}`)).toEqual([own]);
    expect(await found('reason=poison&jobType=notif')).toEqual([]);
    const all = `reason=permanent&jobType=notif&orgId=${world.otherOrgId}`;
    expect(await found(all)).toEqual([theirs]);
    expect(await found(`from=${at(T0)}&to=${at(T0 + 1)}`)).toEqual(['gone:org1:e1']);
    expect(await found(`from=${at(T0 + 1)}`)).toEqual([]);
  });
});

describe('a job', () => {
  test('comes with its runs and its event, as operators see events', async () => {
    const [jobId = ''] = await notifs(1);
    await failForGood([jobId]);
    const { job, runs, event, line } = await get(`jobs/${jobId}`);
    expect(job).toMatchObject({
      id: jobId,
      orgId: world.orgId,
      status: 'failed',
      attempts: 1,
      runs: 1,
    });
    expect(runs).toEqual([
      expect.objectContaining({ by: 'trigger', outcome: 'failed', code: 'gone' }),
    ]);
    expect(event).toMatchObject({ eventId: job.eventId, metadata: { ipAddress: '203.0.113.7' } });
    expect(line).toBeUndefined();
    expect(await readsOf(`jobs/${jobId}`)).toBe(2);
  });

  test('in a line comes with who is in front', async () => {
    const place = { orgId: 'org1', orderingKey: 'line1' };
    const head = await plantJob({ ...place, id: 'mail:org1:e1', sequence: 1, status: 'failed' });
    const next = await plantJob({ ...place, id: 'mail:org1:e2', sequence: 2 });
    expect((await get(`jobs/${next}`)).line).toMatchObject({ sequence: 2, inFront: { id: head } });
    const { line } = await get(`jobs/${head}`);
    expect(line).toEqual({ orderingKey: 'line1', sequence: 1 });
    expect(await readsOf(`jobs/${head}`)).toBe(2);
  });

  test('that is none, or not there, is refused', async () => {
    await outbox.doc('broken').set({ status: 'pending' });
    expect(await get('jobs/broken')).toMatchObject({ status: 409, code: 'job-malformed' });
    expect(await get('jobs/email:org1:nothing')).toMatchObject({ status: 404 });
    expect(await get('jobs/a%2Fb')).toMatchObject({ status: 400 });
  });
});

test('the blocked lines are told with who blocks them and how many wait', async () => {
  const line = { orderingKey: 'line1', orgId: 'org1' };
  const failure = { reason: 'permanent', at: T0 } as const;
  const dead = { status: 'failed', blocking: true, failure, nextAttemptAt: undefined } as const;
  const jobId = await plantJob({ ...line, ...dead, id: 'mail:org1:e1', sequence: 1 });
  await plantJob({ ...line, id: 'mail:org1:e2', sequence: 2 });
  await plantJob({ ...line, id: 'mail:org1:e3', sequence: 3 });
  await plantJob({ ...line, orderingKey: 'line2', id: 'mail:org1:e4', sequence: 1 });
  const { lines } = await get('streams/blocked');
  const since = new Date(T0).toISOString();
  const about = { orgId: 'org1', jobType: 'mail', sequence: 1, since, reason: 'permanent' };
  expect(lines).toEqual([{ orderingKey: 'line1', jobId, ...about, waiting: 2 }]);
  expect((await get('stats')).blockedLines).toBe(1);
  expect((await get('stats?orgId=org2')).blockedLines).toBe(0);
  expect(await readsOf('streams/blocked')).toBe(2);
});

test('whoever is no operator costs no read', async () => {
  const ask = await openApi(world);
  const billed = await measure(firestore, async () => {
    const { status } = await ask('GET', '/v1/ops/jobs', { as: 'ada' });
    expect(status).toBe(403);
  });
  expect(billed).toEqual({ reads: 0, writes: 0, deletes: 0 });
});
