import { beforeEach, describe, expect, test } from '@jest/globals';
import { initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import type { JobHandler } from '../model/handler.ts';
import { PermanentError, RetryAfterError } from '../model/handler-errors.ts';
import type { OutboxJob } from '../model/job.ts';
import { Engine } from '../testing/engine.ts';
import { aSink, anEntry, aWriter, PLAIN_POLICY } from '../testing/factories.ts';

const firestore = getFirestore(initializeApp());
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** What the sink does next time, and how often it was asked. */
let answers: (Error | undefined)[] = [];
let asked = 0;

beforeEach(() => {
  answers = [];
  asked = 0;
});

async function send(): Promise<void> {
  asked += 1;
  const answer = answers.shift();
  if (answer !== undefined) throw answer;
}

function open(...handlers: readonly JobHandler[]): Promise<Engine> {
  return Engine.open(firestore, ...(handlers.length === 0 ? [aSink({ send })] : handlers));
}

/** A row whose worker was lost: its lease has run out. */
function lostRow(engine: Engine, said: Partial<OutboxJob> = {}): Promise<OutboxJob> {
  return engine.due({
    status: 'processing',
    attempts: 1,
    runs: 1,
    runId: 'run1',
    lease: { expiresAt: engine.startMs - 1_000 },
    history: [anEntry({ startedAt: engine.startMs - 61_000 })],
    ...said,
  });
}

describe('a failed attempt', () => {
  test('is made again after its delay, not before', async () => {
    const engine = await open();
    answers = [new Error('no')];
    const { id } = await engine.due();
    await engine.tick();
    expect(await engine.job(id)).toMatchObject({
      status: 'pending',
      attempts: 1,
      lastError: { code: 'error', message: 'no' },
    });
    engine.later(MINUTE_MS - 1_000);
    await engine.tick();
    expect(asked).toBe(1);
    engine.later(2_000);
    await engine.tick();
    const history = [
      { outcome: 'retry', code: 'error' },
      { outcome: 'sent', attempt: 2 },
    ];
    expect(await engine.job(id)).toMatchObject({ status: 'sent', attempts: 2, runs: 2, history });
  });

  test('too many is a dead letter: five runs, and no sixth', async () => {
    const engine = await open();
    answers = Array.from({ length: 9 }, () => new Error('no'));
    const { id } = await engine.due();
    for (let run = 0; run < 8; run += 1) {
      await engine.tick();
      engine.later(17 * MINUTE_MS);
    }
    expect(asked).toBe(5);
    expect(await engine.job(id)).toMatchObject({
      status: 'failed',
      attempts: 5,
      failure: { reason: 'attempts-spent' },
    });
  });

  test('on purpose permanent is a dead letter at once', async () => {
    const engine = await open();
    answers = [new PermanentError('gone', { code: 'http-410' })];
    const { id } = await engine.due();
    expect((await engine.tick()).ends).toEqual({ failed: 1 });
    expect(await engine.job(id)).toMatchObject({
      status: 'failed',
      attempts: 1,
      failure: { reason: 'permanent' },
      lastError: { code: 'http-410' },
    });
  });

  test('that outlives its time is retried: the sink may or may not have it', async () => {
    const engine = await open(aSink({ send: async () => engine.clock.advance(20_000) }));
    const { id } = await engine.due();
    expect((await engine.tick()).ends).toEqual({ retry: 1 });
    expect(await engine.job(id)).toMatchObject({ attempts: 1, lastError: { code: 'timeout' } });
  });
});

describe('retry-after', () => {
  test('waits as long as the sink asks, and spends no attempt', async () => {
    const engine = await open();
    answers = [new RetryAfterError(5 * MINUTE_MS, 'busy')];
    const { id } = await engine.due();
    await engine.tick();
    expect(await engine.job(id)).toMatchObject({ status: 'pending', attempts: 0, runs: 1 });
    engine.later(4 * MINUTE_MS);
    await engine.tick();
    expect(asked).toBe(1);
    engine.later(MINUTE_MS + 1_000);
    await engine.tick();
    expect(await engine.job(id)).toMatchObject({ status: 'sent', attempts: 1, runs: 2 });
  });

  test('beyond the job’s age is a dead letter', async () => {
    const engine = await open();
    answers = [new RetryAfterError(PLAIN_POLICY.maxAgeMs, 'busy')];
    const { id } = await engine.due();
    await engine.tick();
    expect(await engine.job(id)).toMatchObject({
      status: 'failed',
      failure: { reason: 'expired' },
    });
  });
});

describe('a lost worker', () => {
  test('costs the job nothing: no attempt, one crash, and the history says so', async () => {
    const seen: OutboxJob[] = [];
    const engine = await open(aSink({ send: async (job) => void seen.push(job) }));
    const { id } = await lostRow(engine);
    await engine.tick();
    expect(seen).toMatchObject([{ attempts: 1, crashes: 1, runs: 2 }]);
    expect(await engine.job(id)).toMatchObject({
      status: 'sent',
      attempts: 1,
      crashes: 0,
      runs: 2,
      history: [
        { runId: 'run1', outcome: 'crashed' },
        { outcome: 'sent', attempt: 1 },
      ],
    });
  });

  test('is not taken for lost before its lease has run out', async () => {
    const engine = await open();
    const { id } = await lostRow(engine, { nextAttemptAt: engine.startMs + 30_000 });
    await engine.tick();
    expect([asked, (await engine.job(id)).runId]).toEqual([0, 'run1']);
    engine.later(30_000);
    await engine.tick();
    expect(asked).toBe(1);
  });

  test('over and over is poison: the fourth start is not made', async () => {
    const engine = await open(aSink({ send: () => new Promise(() => undefined) }));
    const { id } = await engine.due();
    // Each tick's worker dies over the job: it never ends, and is never heard of again.
    const lost = [];
    for (let start = 1; start <= 3; start += 1) {
      lost.push(engine.tick());
      await untilRuns(engine, id, start);
      engine.later(61_000);
    }
    expect((await engine.tick()).ends).toEqual({ failed: 1 });
    expect(await engine.job(id)).toMatchObject({
      status: 'failed',
      attempts: 1,
      runs: 3,
      failure: { reason: 'poison' },
      history: [{ outcome: 'crashed' }, { outcome: 'crashed' }, { outcome: 'crashed' }],
    });
    expect(lost).toHaveLength(3);
  });

  async function untilRuns(engine: Engine, id: string, runs: number): Promise<void> {
    while ((await engine.job(id)).runs < runs);
  }
});

describe('a sink that takes no duplicate', () => {
  const onceOnly = { send, onUnknownOutcome: 'park' } as const;

  test('is not asked again when its worker was lost', async () => {
    const engine = await open(aSink(onceOnly));
    const { id } = await lostRow(engine);
    expect((await engine.tick()).ends).toEqual({ failed: 1 });
    expect(asked).toBe(0);
    expect(await engine.job(id)).toMatchObject({
      status: 'failed',
      runs: 1,
      failure: { reason: 'unknown-outcome' },
      history: [{ outcome: 'crashed' }],
    });
  });

  test('is not asked again when it took too long', async () => {
    const engine = await open(
      aSink({ ...onceOnly, send: async () => engine.clock.advance(20_000) }),
    );
    const { id } = await engine.due();
    await engine.tick();
    expect(await engine.job(id)).toMatchObject({
      status: 'failed',
      failure: { reason: 'unknown-outcome' },
      lastError: { code: 'timeout' },
    });
  });

  test('is asked again when it plainly refused', async () => {
    const engine = await open(aSink(onceOnly));
    answers = [new Error('no')];
    await engine.due();
    expect((await engine.tick()).ends).toEqual({ retry: 1 });
  });
});

describe('a job type nobody knows', () => {
  test('is looked at every five minutes, and runs once it is deployed', async () => {
    const engine = await open();
    const { id } = await engine.due({ jobType: 'crm.push' });
    expect((await engine.tick()).ends).toEqual({ waiting: 1 });
    const waiting = await engine.job(id);
    expect(waiting).toMatchObject({ status: 'pending', attempts: 0, runs: 0 });
    expect(waiting.nextAttemptAt! - waiting.unroutableSince!).toBe(5 * MINUTE_MS);
    engine.later(4 * MINUTE_MS);
    expect((await engine.tick()).read).toBe(0);
    engine.later(MINUTE_MS + 1_000);
    await engine.tick();
    const { unroutableSince } = await engine.job(id);
    expect(unroutableSince).toBe(waiting.unroutableSince);
    engine.handlers = [aSink({ jobType: 'crm.push', send })];
    engine.later(5 * MINUTE_MS + 1_000);
    await engine.tick();
    const sent = await engine.job(id);
    expect([sent.status, sent.unroutableSince, asked]).toEqual(['sent', undefined, 1]);
  });

  test('is a dead letter after a day', async () => {
    const engine = await open();
    const { id } = await engine.due({ jobType: 'crm.push' });
    await engine.tick();
    engine.later(DAY_MS);
    // A day later it is long overdue: the instance's hourly look finds it.
    engine.clock.advance(DAY_MS);
    expect((await engine.tick()).ends).toEqual({ failed: 1 });
    expect(await engine.job(id)).toMatchObject({
      status: 'failed',
      failure: { reason: 'unroutable' },
      lastError: { message: expect.stringContaining('crm.push') },
    });
  });
});

test('a row that is no job is parked, and is never in the way again', async () => {
  const engine = await open();
  const [bad, good] = [await engine.due(), await engine.due()];
  await firestore.doc(`outbox/${bad.id}`).update({ runs: 'many' });
  expect((await engine.tick()).ends).toEqual({ failed: 1, sent: 1 });
  expect(await engine.read(`outbox/${bad.id}`)).toMatchObject({
    status: 'failed',
    failure: { reason: 'malformed' },
    lastError: { message: expect.stringContaining('runs') },
  });
  expect((await engine.job(good.id)).status).toBe('sent');
  expect((await engine.tick()).read).toBe(0);
});

test('a swept writer’s effects are written with its settle', async () => {
  const write = { kind: 'create', path: 'notifications/n1', data: { text: 'Hello' } } as const;
  const engine = await open(aWriter({ handle: async () => ({ writes: [write], jobs: [] }) }));
  const { id } = await lostRow(engine, { jobType: 'notif' });
  await engine.tick();
  expect(await engine.read('notifications/n1')).toEqual({ text: 'Hello' });
  expect(await engine.job(id)).toMatchObject({ status: 'sent', attempts: 1, crashes: 0 });
});
