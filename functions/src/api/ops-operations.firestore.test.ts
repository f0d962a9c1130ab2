import { beforeEach, describe, expect, test } from '@jest/globals';
import type { z } from 'zod';
import { CodedError } from '#kernel';
import { openWorker, sweep } from '#outbox';
import { backend, firestore } from '../composition/testing/backend.ts';
import { aWorld } from '../composition/testing/world.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { measure } from '../kernel/testing/meter.ts';
import { aWriter } from '../outbox/testing/factories.ts';
import type {
  operationDetailDocument,
  operationDocument,
} from './routes/ops/operation-documents.ts';
import type { Ask } from './testing/api.ts';
import { openApi, sentAudits } from './testing/api.ts';
import { failForGood } from './testing/dead-letters.ts';

type Answer = z.output<typeof operationDetailDocument> & {
  readonly status: number;
  readonly code: string;
  readonly problems: readonly { readonly path: string }[];
  readonly operations: readonly z.output<typeof operationDocument>[];
  readonly nextCursor?: string;
};

const reason = 'The printer is back.';
const redrive = { kind: 'redrive', params: { jobType: 'notif' }, rowsPerSecond: 1_000, reason };

let ask: Ask;
let jobIds: readonly string[];

beforeEach(async () => {
  await clearFirestore(firestore);
  sentAudits.length = 0;
  ask = await openApi(await aWorld());
  const { docs } = await firestore.collection('outbox').where('jobType', '==', 'notif').get();
  jobIds = docs.slice(0, 3).map(({ id }) => id);
  await failForGood(jobIds);
});

async function call(
  method: 'GET' | 'POST',
  path = '',
  body?: unknown,
  key?: string,
): Promise<Answer> {
  const headers = key === undefined ? {} : { 'idempotency-key': key };
  const asked = { as: 'ops', orgId: null, body, headers };
  const answer = await ask(method, `/v1/ops/operations${path}`, asked);
  return { ...(answer.body as unknown as Answer), status: answer.status };
}

async function tick(handlers = backend.subscriptions.handlersFor()): Promise<void> {
  const worker = openWorker(backend.processor, { by: 'tick', handlers, budgetMs: 100_000 });
  await sweep(worker, { lastFromZeroElapsedMs: undefined });
}

/** What was audited, oldest first. */
function audits(): unknown[] {
  return sentAudits.map(({ by, action, target, outcome }) => ({ by, action, target, outcome }));
}

function entry(action: string, target: string, outcome: string): object {
  return { by: 'ops', action: `operation.${action}`, target, outcome };
}

async function redrives(): Promise<unknown[]> {
  const rows = await firestore.getAll(...jobIds.map((id) => firestore.doc(`outbox/${id}`)));
  return rows.map((row) => row.get('redrives') as unknown);
}

test('dead letters are counted by a dry run, and then sent round again for real', async () => {
  const dry = await call('POST', '', { ...redrive, dryRun: true });
  expect(dry).toMatchObject({ status: 201, state: 'running', estimate: 3, left: 3, by: 'ops' });
  await tick();
  const counted = await call('GET', `/${dry.id}`);
  expect(counted).toMatchObject({ status: 200, state: 'done', seen: 3, done: 3, dryRun: true });
  expect(counted).toMatchObject({ reads: 4, writes: 4, ratePerSecond: expect.any(Number) });
  expect(await redrives()).toEqual([0, 0, 0]);
  const { id } = await call('POST', '', redrive);
  await tick();
  expect(await call('GET', `/${id}`)).toMatchObject({ state: 'done', done: 3, writes: 7 });
  expect(await redrives()).toEqual([1, 1, 1]);
  expect(audits()).toEqual([entry('start', dry.id, 'started'), entry('start', id, 'started')]);
});

test('the same start again, by its key, starts nothing', async () => {
  const first = await call('POST', '', redrive, 'k1');
  const again = await call('POST', '', redrive, 'k1');
  expect([first.status, again.status]).toEqual([201, 200]);
  expect(again.id).toBe(first.id);
  const other = await call('POST', '', { ...redrive, params: { all: true } }, 'k1');
  expect(other).toMatchObject({ status: 409, code: 'idempotency-key-reused' });
  expect(audits()).toEqual([
    entry('start', first.id, 'started'),
    entry('start', first.id, 'already-started'),
    entry('start', first.id, 'idempotency-key-reused'),
  ]);
});

describe('one that is at work', () => {
  test('is paused, goes on, and is cancelled, each on record', async () => {
    const { id } = await call('POST', '', redrive);
    const paused = await call('POST', `/${id}/pause`, { reason });
    expect(paused).toMatchObject({ status: 200, state: 'running', wanted: 'paused' });
    const early = await call('POST', `/${id}/resume`, { reason });
    expect(early).toMatchObject({ status: 409, code: 'failed-precondition' });
    await tick();
    const resumed = await call('POST', `/${id}/resume`, { reason });
    expect(resumed).toMatchObject({ status: 200, state: 'running', wanted: 'running' });
    await call('POST', `/${id}/cancel`, { reason });
    await tick();
    const cancelled = await call('POST', `/${id}/cancel`, { reason });
    expect(cancelled).toMatchObject({ status: 200, state: 'cancelled', done: 0 });
    const late = await call('POST', `/${id}/pause`, { reason });
    expect(late).toMatchObject({ status: 409, code: 'failed-precondition' });
    expect(await redrives()).toEqual([0, 0, 0]);
    expect(audits()).toEqual([
      entry('start', id, 'started'),
      entry('pause', id, 'pausing'),
      entry('resume', id, 'failed-precondition'),
      entry('resume', id, 'resumed'),
      entry('cancel', id, 'cancelling'),
      entry('cancel', id, 'cancelling'),
      entry('pause', id, 'failed-precondition'),
    ]);
  });

  test('is found among all, page by page and by its state', async () => {
    const [one, two] = [await call('POST', '', redrive), await call('POST', '', redrive)];
    const page = await call('GET', '?limit=1');
    expect(page.operations).toMatchObject([{ id: two.id }]);
    const next = await call('GET', `?limit=1&cursor=${page.nextCursor ?? ''}`);
    expect(next.operations).toMatchObject([{ id: one.id }]);
    expect((await call('GET', '?state=done')).operations).toEqual([]);
  });
});

describe('the step that one waits for', () => {
  const message = 'Others were quicker.';
  const fail = (): Promise<never> => Promise.reject(new CodedError('contention', message));

  test('is shown with its attempts, its error and when it is due again', async () => {
    const { id } = await call('POST', '', redrive);
    const jobId = `operation:_platform:${id}~s1`;
    const fresh = { id: jobId, status: 'pending', attempts: 0, nextAttemptAt: expect.any(String) };
    expect((await call('GET', `/${id}`)).step).toMatchObject(fresh);
    await tick((jobType) => aWriter({ jobType, handle: fail }));
    const failing = await call('GET', `/${id}`);
    expect(failing).toMatchObject({ state: 'running', seen: 0 });
    expect(failing).not.toHaveProperty('lastError');
    const lastError = { code: 'contention', message };
    expect(failing.step).toMatchObject({ ...fresh, attempts: 1, maxAttempts: 20, lastError });
    const againMs = Date.parse(failing.step?.nextAttemptAt ?? '');
    expect(againMs).toBeGreaterThan(Date.parse(failing.step?.lastError?.at ?? ''));
  });

  test('is the next after one that was made, and none when it is over or paused', async () => {
    const { id } = await call('POST', '', redrive);
    await call('POST', `/${id}/pause`, { reason });
    await tick();
    expect(await call('GET', `/${id}`)).toMatchObject({ state: 'paused' });
    expect(await call('GET', `/${id}`)).not.toHaveProperty('step');
    await call('POST', `/${id}/resume`, { reason });
    expect((await call('GET', `/${id}`)).step?.id).toBe(`operation:_platform:${id}~s2`);
    await call('POST', `/${id}/cancel`, { reason });
    await tick();
    expect(await call('GET', `/${id}`)).not.toHaveProperty('step');
  });

  test('is a read more, and in no list', async () => {
    const { id } = await call('POST', '', redrive);
    expect(await measure(firestore, () => call('GET', `/${id}`))).toMatchObject({ reads: 2 });
    expect((await call('GET')).operations[0]).not.toHaveProperty('step');
    await tick();
    expect(await measure(firestore, () => call('GET', `/${id}`))).toMatchObject({ reads: 1 });
  });

  test('that has just been made, or whose row is no job, is left out', async () => {
    const { id } = await call('POST', '', redrive);
    const row = firestore.doc(`outbox/operation:_platform:${id}~s1`);
    for (const status of ['sent', 'nonsense']) {
      await row.update({ status });
      const shown = await call('GET', `/${id}`);
      expect([shown.state, shown.step]).toEqual(['running', undefined]);
    }
  });
});

test('an operator who is of no organization may start one, and who is neither may not', async () => {
  const members = await firestore.collectionGroup('members').get();
  const uids = members.docs.map(({ id }) => id);
  for (const uid of ['ops', 'joe']) expect(uids).not.toContain(uid);
  expect(await call('POST', '', redrive)).toMatchObject({ status: 201, by: 'ops' });
  const refused = await ask('POST', '/v1/ops/operations', {
    as: 'joe',
    orgId: null,
    body: redrive,
  });
  expect(refused).toMatchObject({ status: 403, body: { code: 'permission-denied' } });
  expect((await firestore.collection('operations').get()).size).toBe(1);
});

test('of an organization that there is not, an operation finds nothing and is done', async () => {
  const { id } = await call('POST', '', { ...redrive, params: { orgId: 'nobody' } });
  await tick();
  expect(await call('GET', `/${id}`)).toMatchObject({ state: 'done', estimate: 0, seen: 0 });
});

test.each([
  [{ ...redrive, kind: 'tidy' }, 'kind', 1],
  [{ ...redrive, params: {} }, 'params', 1],
  [{ ...redrive, params: { orgId: 'a/b' } }, 'params.orgId', 1],
  [{ ...redrive, rowsPerSecond: 0.9 }, 'rowsPerSecond', 0],
  [{ ...redrive, reason: ' ' }, 'reason', 0],
  [{ ...redrive, force: true }, 'force', 0],
])('starting %j is refused at %s, before there is an operation', async (body, path, audited) => {
  expect(await call('POST', '', body)).toMatchObject({
    status: 400,
    code: 'invalid-input',
    problems: [{ path }],
  });
  expect((await firestore.collection('operations').get()).size).toBe(0);
  expect(audits()).toHaveLength(audited);
});

test.each(['pause', 'resume', 'cancel'])('%s of none is 404', async (verb) => {
  expect(await call('POST', `/nobody/${verb}`, { reason })).toMatchObject({ status: 404 });
  expect(audits()).toEqual([entry(verb, 'nobody', 'not-found')]);
});
