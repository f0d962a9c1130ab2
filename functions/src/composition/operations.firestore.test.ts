import { beforeEach, describe, expect, test } from '@jest/globals';
import { addWrite } from '#kernel/firestore';
import { openWorker, runJobsNow, sweep } from '#outbox';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { measure } from '../kernel/testing/meter.ts';
import type { Operation } from '../operations/index.ts';
import type { NewOperation } from '../operations/operations.ts';
import type { OutboxJob } from '../outbox/model/job.ts';
import { createRow } from '../outbox/record/record-job.ts';
import { aJob } from '../outbox/testing/factories.ts';
import { backend, firestore } from './testing/backend.ts';

const { operations, processor, subscriptions } = backend;
const FAILED_AT = Date.UTC(2026, 0, 1);
/** In a worker with so little time a step of 200 rows, which lasts a second, is the only one. */
const ONE_STEP_MS = 25_500;

beforeEach(() => clearFirestore(firestore));

async function given(jobs: readonly OutboxJob[]): Promise<readonly OutboxJob[]> {
  for (let from = 0; from < jobs.length; from += 250) {
    const batch = firestore.batch();
    for (const job of jobs.slice(from, from + 250)) addWrite(firestore, batch, createRow(job));
    await batch.commit();
  }
  return jobs;
}

function deadLetters(count: number, said: Partial<OutboxJob> = {}) {
  return given(
    Array.from({ length: count }, (_, index) =>
      aJob({
        status: 'failed',
        attempts: 5,
        nextAttemptAt: undefined,
        failure: { reason: 'attempts-spent', at: FAILED_AT + index },
        ...said,
      }),
    ),
  );
}

function start(said: Partial<NewOperation> = {}): Promise<Operation> {
  return operations.start({
    kind: 'redrive',
    params: { all: true },
    rowsPerSecond: 1_000,
    by: 'ops',
    reason: 'The sink is back.',
    correlationId: 'request1',
    ...said,
  });
}

async function tick(budgetMs = 100_000): Promise<void> {
  const handlers = subscriptions.handlersFor();
  const worker = openWorker(processor, { by: 'tick', handlers, budgetMs });
  await sweep(worker, { lastFromZeroElapsedMs: undefined });
}

async function redriven(): Promise<number> {
  const rows = firestore.collection('outbox').where('redrives', '==', 1);
  return (await rows.count().get()).data().count;
}

async function rowOf({ id }: Pick<OutboxJob, 'id'>) {
  return (await firestore.doc(`outbox/${id}`).get()).data();
}

describe('sending dead letters round again', () => {
  test('goes through all that a filter names, page by page, in one tick', async () => {
    await deadLetters(450);
    await deadLetters(30, { orgId: 'org2' });
    const { id, estimate } = await start({ params: { orgId: 'org1', jobType: 'mail' } });
    expect(estimate).toBe(450);
    await tick();
    expect(await operations.get(id)).toMatchObject({
      state: 'done',
      seen: 450,
      done: 450,
      skipped: {},
      step: 4,
      endedAt: expect.any(Date),
      by: 'ops',
      reason: 'The sink is back.',
    });
    expect(await redriven()).toBe(450);
  });

  test('costs a read and a write for each, and a few for each page', async () => {
    await deadLetters(200);
    const { id } = await start();
    const billed = await measure(firestore, () => tick());
    const { reads, writes } = await operations.get(id);
    // The rest is the tick’s own, and what it finds due: the jobs that were sent round.
    expect({ reads, writes }).toEqual({ reads: 202, writes: 206 });
    expect(billed.writes).toBeGreaterThanOrEqual(204);
  });

  test('only counts where it is a dry run', async () => {
    const [one] = await deadLetters(3);
    const { id } = await start({ dryRun: true });
    await tick();
    expect(await operations.get(id)).toMatchObject({ state: 'done', seen: 3, done: 3 });
    expect(await rowOf(one!)).toMatchObject({ status: 'failed', redrives: 0 });
  });

  test('leaves alone what failed since it began, or it would go in a circle', async () => {
    await deadLetters(2);
    const { id } = await start();
    await deadLetters(2, { failure: { reason: 'permanent', at: Date.now() + 60_000 } });
    await tick();
    expect(await operations.get(id)).toMatchObject({ state: 'done', seen: 2, done: 2 });
  });

  test('finds nothing where there is nothing, and is done', async () => {
    const { id, estimate } = await start({ params: { jobType: 'fax' } });
    expect(estimate).toBe(0);
    await tick();
    expect(await operations.get(id)).toMatchObject({ state: 'done', seen: 0, done: 0 });
  });

  test('counts a step once whose worker was lost before its commit', async () => {
    await deadLetters(3);
    const { id } = await start();
    const step = `operation:_platform:${id}~p1`;
    const dying = {
      ...processor,
      store: { ...processor.store, settle: () => new Promise<never>(() => {}) },
    };
    const handlers = subscriptions.handlersFor();
    const lost = runJobsNow(openWorker(dying, { by: 'trigger', handlers, budgetMs: 60_000 }), [
      step,
    ]);
    await Promise.race([lost, tick()]);
    expect(await operations.get(id)).toMatchObject({ state: 'done', seen: 3, done: 3 });
    expect(await redriven()).toBe(3);
  });

  test('opens a dead letter that blocks its line before those behind it', async () => {
    const place = { orderingKey: 'mail:line', sequence: 1 };
    const [first] = await deadLetters(1, { ...place, blocking: true });
    const due = Date.now() + 3_600_000;
    const behind = aJob({ ...place, sequence: 2, heldBy: first!.id, nextAttemptAt: due });
    await given([behind]);
    await start();
    await tick();
    expect(await rowOf(first!)).toMatchObject({ status: 'pending', redrives: 1, sequence: 1 });
    expect(await rowOf(behind)).toMatchObject({ heldBy: first!.id });
  });
});

describe('taking dead letters out', () => {
  test('lets the lines go on that they blocked', async () => {
    const place = { orderingKey: 'mail:line', sequence: 1 };
    const [first, other] = await deadLetters(2, { ...place, blocking: true });
    await firestore.doc(`outbox/${other!.id}`).update({ orderingKey: 'mail:other' });
    const due = Date.now() + 3_600_000;
    const behind = aJob({ ...place, sequence: 2, heldBy: first!.id, nextAttemptAt: due });
    await given([behind]);
    const { id } = await start({ kind: 'cancel' });
    await tick();
    expect(await operations.get(id)).toMatchObject({ state: 'done', done: 2 });
    expect(await rowOf(first!)).toMatchObject({ status: 'cancelled' });
    expect(await rowOf(behind)).not.toHaveProperty('heldBy');
  });
});

describe('an operation that is at work', () => {
  test('can be paused, and goes on where it was', async () => {
    await deadLetters(500);
    const { id } = await start({ rowsPerSecond: 200 });
    await tick(ONE_STEP_MS);
    expect(await operations.pause(id)).toMatchObject({
      state: 'running',
      wanted: 'paused',
      seen: 200,
    });
    await expect(operations.resume(id)).rejects.toMatchObject({ code: 'failed-precondition' });
    await tick();
    expect(await operations.get(id)).toMatchObject({ state: 'paused', seen: 200 });
    await tick();
    expect(await redriven()).toBe(200);
    expect(await operations.resume(id)).toMatchObject({ state: 'running' });
    await tick();
    expect(await operations.get(id)).toMatchObject({ state: 'done', seen: 500, done: 500 });
  });

  test('can be cancelled, also twice, and not resumed then', async () => {
    await deadLetters(300);
    const { id } = await start({ rowsPerSecond: 200 });
    await tick(ONE_STEP_MS);
    await operations.cancel(id);
    await operations.cancel(id);
    await tick();
    expect(await operations.cancel(id)).toMatchObject({ state: 'cancelled', done: 200 });
    for (const act of [operations.resume, operations.pause]) {
      await expect(act(id)).rejects.toMatchObject({ code: 'failed-precondition' });
    }
    expect(await redriven()).toBe(200);
  });

  test('is cancelled at once while it is paused', async () => {
    await deadLetters(1);
    const { id } = await start();
    await operations.pause(id);
    await tick();
    expect(await operations.cancel(id)).toMatchObject({
      state: 'cancelled',
      endedAt: expect.any(Date),
    });
    await tick();
    expect(await redriven()).toBe(0);
  });

  test('has failed at its ceiling, and says what to do', async () => {
    await deadLetters(5);
    const { id } = await start({ maxRows: 3 });
    await tick();
    expect(await operations.get(id)).toMatchObject({
      state: 'failed',
      done: 3,
      lastError: { code: 'ceiling-reached', message: expect.stringContaining('maxRows') },
    });
    expect(await redriven()).toBe(3);
  });

  test('has failed where a step can never be made, and is not running for ever', async () => {
    const { id } = await start();
    await firestore.doc(`operations/${id}`).update({ kind: 'of yesterday' });
    await tick();
    expect(await operations.get(id)).toMatchObject({
      state: 'failed',
      lastError: { code: 'permanent' },
    });
  });
});

describe('starting an operation', () => {
  test.each([
    [{ kind: 'tidy' }, 'kind'],
    [{ params: {} }, 'params'],
    [{ params: { orgId: 'a/b' } }, 'params.orgId'],
    [{ params: { reason: 'because' } }, 'params.reason'],
    [{ params: { all: true, colour: 'red' } }, 'params.colour'],
    [{ params: null }, 'params'],
    [{ reason: '' }, 'reason'],
    [{ maxRows: 0 }, 'maxRows'],
    [{ rowsPerSecond: Infinity }, 'rowsPerSecond'],
  ])('with %j is refused by path', async (said, path) => {
    await expect(start(said)).rejects.toMatchObject({
      code: 'invalid-input',
      problems: [expect.objectContaining({ path })],
    });
    expect((await firestore.collection('operations').get()).size).toBe(0);
  });

  test('with filters that have no index is refused before it begins', async () => {
    const params = { orgId: 'org1', reason: 'permanent' };
    await expect(start({ params })).rejects.toMatchObject({ code: 'unsupported-query' });
  });

  test('twice with one key starts one, and another with it is refused', async () => {
    const [one, same] = [
      await start({ idempotencyKey: 'k' }),
      await start({ idempotencyKey: 'k' }),
    ];
    expect(same.id).toBe(one.id);
    const other = start({ idempotencyKey: 'k', params: { orgId: 'org1' } });
    await expect(other).rejects.toMatchObject({ code: 'idempotency-key-reused' });
  });

  test.each(['nobody', 'a/b', ''])('there is none with the id %j', async (id) => {
    for (const act of [operations.get, operations.pause, operations.resume, operations.cancel]) {
      await expect(act(id)).rejects.toMatchObject({ code: 'not-found' });
    }
  });
});
