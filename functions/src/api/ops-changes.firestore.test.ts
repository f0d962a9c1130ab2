import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Timestamp } from 'firebase-admin/firestore';
import { buildAudited } from '../composition/audit.ts';
import { describeJobs } from '../composition/describe.ts';
import { firestore, logs } from '../composition/testing/backend.ts';
import { effectsOf, inCollection } from '../composition/testing/effects.ts';
import type { World } from '../composition/testing/world.ts';
import { aWorld } from '../composition/testing/world.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { openApi, sentAudits } from './testing/api.ts';
import { failForGood } from './testing/dead-letters.ts';
import type { AskAsOperator } from './testing/ops-answers.ts';
import { asOperator } from './testing/ops-answers.ts';

const outbox = firestore.collection('outbox');
const audits = firestore.collection('audit_log');
const reason = 'The printer is back.';

let world: World;
let ask: AskAsOperator;
let jobId: string;

beforeEach(async () => {
  await clearFirestore(firestore);
  sentAudits.length = 0;
  world = await aWorld();
  ask = asOperator(await openApi(world));
  const { docs } = await outbox.where('jobType', '==', 'notif').limit(1).get();
  jobId = docs[0]!.id;
});

/** The audit log, oldest first, without ids. */
async function entries(): Promise<object[]> {
  const { docs } = await audits.orderBy('at').get();
  return docs.map((snapshot) => {
    const { id, at: _, endedAt: __, ...said } = snapshot.data();
    expect(id).toBe(snapshot.id);
    return said;
  });
}

function entry(action: string, target: string, outcome: string): object {
  return { by: 'ops', action, target, reason, outcome, correlationId: 'request-1' };
}

const statusOf = async (id: string): Promise<unknown> => (await outbox.doc(id).get()).get('status');

describe('a dead letter', () => {
  beforeEach(() => failForGood([jobId]));

  test('is sent round again, and who asked and why is on record and told', async () => {
    const answer = await ask('POST', `jobs/${jobId}/retry`, { reason });
    expect(answer).toEqual({ status: 200, jobId, outcome: 'redriven' });
    const row = (await outbox.doc(jobId).get()).data();
    expect(row).toMatchObject({ status: 'pending', attempts: 0, redrives: 1 });
    expect(await entries()).toEqual([entry('job.retry', jobId, 'redriven')]);
    const [{ id, at } = {}] = sentAudits;
    expect(sentAudits).toEqual([{ id, at, ...entry('job.retry', jobId, 'redriven') }]);
    const stored = (await audits.doc(String(id)).get()).get('at') as Timestamp;
    // By the server, both: the time of the request, and that of its commit.
    expect(Math.abs(stored.toMillis() - Number(at))).toBeLessThan(1_000);
  });

  test('is cancelled, once', async () => {
    const answer = await ask('POST', `jobs/${jobId}/cancel`, { reason });
    expect(answer).toEqual({ status: 200, jobId, outcome: 'cancelled' });
    expect(await statusOf(jobId)).toBe('cancelled');
    const again = await ask('POST', `jobs/${jobId}/cancel`, { reason });
    expect(again).toMatchObject({ status: 409, code: 'job-not-cancellable' });
    expect(await entries()).toEqual([
      entry('job.cancel', jobId, 'cancelled'),
      entry('job.cancel', jobId, 'not-cancellable'),
    ]);
  });
});

test('a step of an operation is not cancelled: its operation would run for ever', async () => {
  const body = { kind: 'redrive', params: { all: true }, reason };
  await ask('POST', 'operations', body);
  const [{ id } = { id: '' }] = (await firestore.collection('operations').get()).docs;
  const step = `operation:_platform:${id}~s1`;
  const answer = await ask('POST', `jobs/${step}/cancel`, { reason });
  expect(answer).toMatchObject({ status: 409, code: 'job-not-cancellable' });
  expect(answer.detail).toContain(`operations/${id}/cancel`);
  expect(await statusOf(step)).toBe('pending');
});

describe('what is refused changes nothing but the audit log', () => {
  /** What a refused call wrote outside the audit log. */
  async function refused(path: string, body: object) {
    const { written, answer } = await effectsOf(() => ask('POST', path, body));
    const audited = inCollection(written, 'audit_log');
    expect(written.size).toBe(Object.keys(audited).length);
    return { status: answer.status, code: answer.code, entries: await entries() };
  }

  test('a job that waits is not sent round', async () => {
    expect(await refused(`jobs/${jobId}/retry`, { reason })).toEqual({
      status: 409,
      code: 'job-not-closed',
      entries: [entry('job.retry', jobId, 'still-open')],
    });
  });

  test.each(['retry', 'cancel'])('%s of a job that is not there', async (change) => {
    const action = `job.${change}`;
    expect(await refused(`jobs/notif:org1:e1/${change}`, { reason })).toEqual({
      status: 404,
      code: 'not-found',
      entries: [entry(action, 'notif:org1:e1', 'not-found')],
    });
  });

  test.each(['retry', 'cancel'])('%s of a row that is no job', async (change) => {
    await outbox.doc('broken').set({ status: 'failed' });
    expect(await refused(`jobs/broken/${change}`, { reason })).toMatchObject({
      status: 409,
      code: 'job-malformed',
      entries: [{ outcome: 'malformed' }],
    });
  });

  test.each([
    ['none', {}],
    ['blanks', { reason: ' \n' }],
    ['501 characters', { reason: 'x'.repeat(501) }],
    ['half a character', { reason: '\uD800' }],
    ['no text', { reason: 7 }],
    ['and something unknown', { reason, force: true }],
  ])('a reason: %s', async (_, body) => {
    for (const path of [`jobs/${jobId}/retry`, `jobs/${jobId}/cancel`, 'controls/resume']) {
      const target = path === 'controls/resume' ? { jobType: 'notif' } : {};
      expect(await refused(path, { ...target, ...body })).toEqual({
        status: 400,
        code: 'invalid-input',
        entries: [],
      });
    }
  });

  test('a pause of nothing, or of a type that nobody has: the answer lists the types', async () => {
    expect(await refused('controls/pauses', { reason })).toMatchObject({
      status: 400,
      entries: [],
    });
    const { detail } = await ask('POST', 'controls/pauses', { jobType: 'notify', reason });
    for (const { id } of describeJobs()) expect(detail).toContain(id);
    expect(await refused('controls/pauses', { jobType: 'notify', reason })).toMatchObject({
      status: 400,
      code: 'invalid-input',
      entries: [{ outcome: 'invalid-input' }, { outcome: 'invalid-input' }],
    });
  });

  test.each([
    [{ jobType: 'operation' }, 'jobType'],
    [{ jobType: 'operation', orgId: 'org1' }, 'jobType'],
    [{ orgId: '_platform' }, 'orgId'],
  ])('a pause of %j, which would hold back what operators do', async (target, path) => {
    const answer = await ask('POST', 'controls/pauses', { ...target, reason });
    expect(answer).toMatchObject({ status: 400, code: 'invalid-input', problems: [{ path }] });
    expect((await ask('GET', 'controls')).pauses).toEqual([]);
  });

  test('a resume of what is not paused', async () => {
    expect(await refused('controls/resume', { jobType: 'email', reason })).toMatchObject({
      status: 409,
      code: 'not-paused',
      entries: [{ outcome: 'not-paused', target: 'jobType:email' }],
    });
  });
});

test.each([
  [{ jobType: 'email' }, 'jobType:email'],
  [{ orgId: 'org1' }, 'org:org1'],
  [{ jobType: 'email', orgId: 'org1' }, 'jobType:email/org:org1'],
])('%j is paused and resumed by name, on record', async (target, pauseId) => {
  expect(await ask('POST', 'controls/pauses', { ...target, reason })).toEqual({
    status: 201,
    pauseId,
  });
  const pause = { id: pauseId, ...target, by: 'ops', reason, at: expect.any(String) };
  expect((await ask('GET', 'controls')).pauses).toEqual([pause]);
  const resumed = await ask('POST', 'controls/resume', { ...target, reason });
  expect(resumed).toEqual({ status: 200, pauseId, outcome: 'resuming' });
  const resumingSince = expect.any(String);
  expect((await ask('GET', 'controls')).pauses).toEqual([{ ...pause, resumingSince }]);
  expect(await entries()).toEqual([
    entry('jobs.pause', pauseId, 'paused'),
    entry('jobs.resume', pauseId, 'resuming'),
  ]);
});

test('a change that dies in between is on record as asked for, without an outcome', async () => {
  const audited = buildAudited(firestore, logs, () => Promise.resolve());
  const change = { by: 'ops', action: 'job.retry', target: jobId, reason, correlationId: 'c1' };
  const seen = await audited(change, async () => ({ kind: 'x', entries: await entries() }));
  expect(seen.entries).toEqual([change]);
  expect(await entries()).toEqual([{ ...change, outcome: 'x' }]);
});
