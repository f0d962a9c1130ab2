import { beforeEach, describe, expect, test } from '@jest/globals';
import { Timestamp } from 'firebase-admin/firestore';
import { openWorker, runJobsNow } from '#outbox';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { measure } from '../kernel/testing/meter.ts';
import { aJob } from '../outbox/testing/factories.ts';
import { backend, firestore, logs } from './testing/backend.ts';
import { deadLetters, given, redriven, rowOf, start, tick } from './testing/dead-letter-stage.ts';

const { operations, processor, subscriptions } = backend;
/** In a worker with so little time a step of 200 rows, which lasts a second, is the only one. */
const ONE_STEP_MS = 25_500;

const LONG_AGO = Timestamp.fromMillis(0);

beforeEach(() => clearFirestore(firestore));

/** The audit log’s entry of how an operation ended. */
async function endOf(id: string): Promise<unknown> {
  return (await firestore.doc(`audit_log/${id}~end`).get()).data();
}

/** What was told of how an operation ended, besides the entry. */
function toldOf(id: string): unknown[] {
  return logs.entries.filter(
    (entry) => entry.message === 'audited change' && entry['id'] === `${id}~end`,
  );
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
    expect({ reads, writes }).toEqual({ reads: 202, writes: 207 });
    expect(billed.writes).toBeGreaterThanOrEqual(205);
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
    const step = `operation:_platform:${id}~s1`;
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

  test('and is to be cancelled is not paused instead', async () => {
    await deadLetters(1);
    const { id } = await start();
    await operations.cancel(id);
    expect(await operations.pause(id)).toMatchObject({ wanted: 'cancelled' });
    await tick();
    expect(await operations.get(id)).toMatchObject({ state: 'cancelled' });
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
    expect(await endOf(id)).toMatchObject({ outcome: 'cancelled', seen: 0 });
    await tick();
    expect(await redriven()).toBe(0);
    expect(toldOf(id)).toEqual([expect.objectContaining({ outcome: 'cancelled', seen: 0 })]);
  });

  test.each<[what: string, before: () => Promise<string>]>([
    ['runs', async () => (await start()).id],
    [
      'is to be cancelled',
      async () => {
        const { id } = await start();
        await operations.pause(id);
        await operations.cancel(id);
        return id;
      },
    ],
  ])('is cancelled at once where it %s and its step was damaged', async (_, before) => {
    const id = await before();
    await firestore.doc(`outbox/operation:_platform:${id}~s1`).update({ status: 'failed' });
    expect(await operations.cancel(id)).toMatchObject({
      state: 'cancelled',
      endedAt: expect.any(Date),
    });
    expect(await endOf(id)).toMatchObject({ outcome: 'cancelled', seen: 0 });
    const told = await firestore.doc(`outbox/audit:_platform:${id}~end`).get();
    expect(told.data()).toMatchObject({ status: 'pending' });
    expect(await operations.cancel(id)).toMatchObject({ state: 'cancelled' });
  });

  test('is told to have ended as it has where its last step did not see that it was cancelled', async () => {
    const { id } = await start();
    await operations.pause(id);
    await operations.cancel(id);
    await tick();
    const told = firestore.doc(`outbox/audit:_platform:${id}~end`);
    expect((await told.get()).data()).toMatchObject({ status: 'pending' });
    await firestore.doc(`audit_log/${id}~end`).update({ outcome: 'done' });
    await told.update({ nextAttemptAt: LONG_AGO });
    await tick();
    expect(toldOf(id)).toEqual([expect.objectContaining({ outcome: 'done' })]);
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

  test('has failed at once where its cursor is another’s', async () => {
    await deadLetters(1);
    const { id } = await start();
    await firestore.doc(`operations/${id}`).update({ cursor: 'of another' });
    await tick();
    expect(await operations.get(id)).toMatchObject({
      state: 'failed',
      lastError: { code: 'bad-cursor' },
    });
    const reason = expect.stringMatching(/^bad-cursor: /);
    expect(await endOf(id)).toMatchObject({ outcome: 'failed', reason });
    await tick();
    expect(toldOf(id)).toEqual([expect.objectContaining({ outcome: 'failed', reason })]);
  });

  test('that is done can be neither resumed, paused nor cancelled, and says what it is', async () => {
    const { id } = await start();
    await tick();
    for (const act of [operations.resume, operations.pause, operations.cancel]) {
      await expect(act(id)).rejects.toMatchObject({
        code: 'failed-precondition',
        message: expect.stringContaining('it is done'),
      });
    }
    expect(await operations.get(id)).toMatchObject({ state: 'done', wanted: 'running' });
  });

  test('of a kind that only newer code knows is not failed by this one', async () => {
    const { id } = await start();
    await firestore.doc(`operations/${id}`).update({ kind: 'of tomorrow' });
    await tick();
    expect(await operations.get(id)).toMatchObject({ state: 'running', seen: 0 });
    await firestore.doc(`operations/${id}`).update({ kind: 'redrive' });
    await firestore.doc(`outbox/operation:_platform:${id}~s1`).update({ nextAttemptAt: LONG_AGO });
    await tick();
    expect(await operations.get(id)).toMatchObject({ state: 'done' });
  });

  test('is done where it has looked at as many rows as it may, and there are no more', async () => {
    await deadLetters(5);
    const { id } = await start({ maxRows: 5 });
    await tick();
    expect(await operations.get(id)).toMatchObject({ state: 'done', seen: 5, done: 5 });
    expect(await endOf(id)).toMatchObject({ outcome: 'done', seen: 5 });
    expect(toldOf(id)).toEqual([expect.objectContaining({ outcome: 'done', seen: 5 })]);
  });

  test('has failed where it has cost what it may, with what was done done', async () => {
    await deadLetters(5);
    const { id } = await start({ rowsPerSecond: 3, maxOperations: 10 });
    await tick();
    expect(await operations.get(id)).toMatchObject({
      state: 'failed',
      done: 3,
      lastError: { code: 'ceiling-reached', message: expect.stringContaining('maxOperations') },
    });
  });
});
