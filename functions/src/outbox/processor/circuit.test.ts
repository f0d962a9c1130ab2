import { beforeEach, describe, expect, test } from '@jest/globals';
import { MINUTE_MS } from '#kernel';
import { countingIds } from '../../kernel/testing/counting-ids.ts';
import { ManualClock } from '../../kernel/testing/manual-clock.ts';
import { MemoryDocuments } from '../memory/memory-documents.ts';
import { createMemoryOutboxStore } from '../memory/memory-store.ts';
import type { JobHandler } from '../model/handler.ts';
import { PermanentError, RefusedError } from '../model/handler-errors.ts';
import type { OutboxJob } from '../model/job.ts';
import { createRow } from '../record/record-job.ts';
import { aWorker, KeptLogs } from '../testing/a-worker.ts';
import { aChild, aJob, aRunningJob, aSink, aWriter, T0 } from '../testing/factories.ts';
import type { Breakers } from './breakers.ts';
import { createBreakers } from './breakers.ts';
import { runJobsNow } from './fast-path.ts';
import { createProcessorLogs } from './logs.ts';
import { sweep } from './sweep.ts';

let clock: ManualClock;
let documents: MemoryDocuments;
let breakers: Breakers;
let sends: string[];
/** What the sink does with a job. */
let sink: (job: OutboxJob) => Promise<void>;

beforeEach(() => {
  clock = new ManualClock();
  documents = new MemoryDocuments(() => T0 + clock.elapsedMs());
  breakers = createBreakers(clock, createProcessorLogs(new KeptLogs()));
  sends = [];
  sink = () => Promise.reject(new Error('connection refused'));
});

const ids = countingIds('run');
const mail = aSink({
  send: (job) => {
    sends.push(job.id);
    return sink(job);
  },
});

function workerOf(handlers: readonly JobHandler[]) {
  const store = createMemoryOutboxStore(documents);
  return aWorker({ store, clock, ids, breakers, handlers, budgetMs: 10 * MINUTE_MS });
}

function tick(...handlers: readonly JobHandler[]) {
  return sweep(workerOf(handlers.length === 0 ? [mail] : handlers), {
    lastFromZeroElapsedMs: undefined,
  });
}

function given(count: number, said: Partial<OutboxJob> = {}): OutboxJob[] {
  const jobs = Array.from({ length: count }, () => aJob(said));
  documents.commit(jobs.map((job) => ({ write: createRow(job) })));
  return jobs;
}

function stored({ id }: OutboxJob): Readonly<Record<string, unknown>> {
  return documents.get(`outbox/${id}`)?.data ?? {};
}

/** Five jobs whose attempts failed, so that the circuit of the sink is open. */
async function brokenBy(): Promise<OutboxJob[]> {
  const jobs = given(5);
  await tick();
  expect(sends).toHaveLength(5);
  return jobs;
}

describe('while the circuit of a sink is open', () => {
  test('its jobs are pushed past that time and spend nothing', async () => {
    await brokenBy();
    const [job] = given(1);
    expect((await tick()).ends).toEqual({ waiting: 1 });
    expect(sends).toHaveLength(5);
    expect(stored(job!)).toMatchObject({ status: 'pending', attempts: 0, runs: 0, history: [] });
    expect(stored(job!)['nextAttemptAt']).toEqual(new Date(T0 + 30_000));
  });

  test('a job that has waited long is pushed further, but not past its policy’s longest delay', async () => {
    await brokenBy();
    const [young] = given(1, { openedAt: T0 - 4 * MINUTE_MS });
    const [old] = given(1, { openedAt: T0 - 600 * MINUTE_MS });
    await tick();
    expect(stored(young!)['nextAttemptAt']).toEqual(new Date(T0 + 2 * MINUTE_MS));
    expect(stored(old!)['nextAttemptAt']).toEqual(new Date(T0 + 16 * MINUTE_MS));
  });

  test('a job that would be too old by then is a dead letter', async () => {
    await brokenBy();
    const [job] = given(1, { openedAt: T0 - mail.policy.maxAgeMs });
    await tick();
    expect(stored(job!)).toMatchObject({ status: 'failed', failure: { reason: 'expired' } });
    expect(stored(job!)).toMatchObject({ attempts: 0, runs: 0 });
  });

  test('a worker’s death is still on the record of the job it left', async () => {
    await brokenBy();
    const job = aRunningJob({ crashes: 1, nextAttemptAt: T0, lease: { expiresAt: T0 } });
    documents.commit([{ write: createRow(job) }]);
    await tick();
    expect(stored(job)).toMatchObject({ status: 'processing', crashes: 1, attempts: 1 });
    expect(stored(job)['lease']).toEqual({ expiresAt: new Date(T0 + 30_000) });
  });

  test('the trigger leaves its jobs to the tick', async () => {
    await brokenBy();
    const [job] = given(1);
    expect(await runJobsNow(workerOf([mail]), [job!.id])).toEqual([]);
    expect(stored(job!)).toMatchObject({ status: 'pending', runs: 0 });
  });

  test('children of its type are left to be found', async () => {
    await brokenBy();
    const notif = aWriter({ handle: async () => ({ writes: [], jobs: [aChild()] }) });
    given(1, { jobType: 'notif' });
    await tick(mail, notif);
    expect(documents.get('outbox/mail:org1:child1')?.data).toMatchObject({
      status: 'pending',
      runs: 0,
    });
  });

  test('handlers that name the same sink are held back, and no others', async () => {
    const [post, fax] = [aSink({ jobType: 'post', sink: 'mail' }), aSink({ jobType: 'fax' })];
    await brokenBy();
    given(1, { jobType: 'post' });
    given(1, { jobType: 'fax' });
    expect((await tick(post, fax)).ends).toEqual({ waiting: 1, sent: 1 });
  });
});

describe('the probe', () => {
  test('that fails is tried again later and spends no attempt', async () => {
    await brokenBy();
    const [job] = given(1);
    clock.advance(30_000);
    await tick();
    expect(sends.at(-1)).toBe(job!.id);
    expect(stored(job!)).toMatchObject({
      status: 'pending',
      attempts: 0,
      runs: 1,
      lastError: { code: 'circuit-open', message: 'connection refused' },
    });
    expect(stored(job!)['nextAttemptAt']).toEqual(new Date(T0 + 60_000));
  });

  test('that fails each time is not the first to probe each time: others are sent', async () => {
    const [bad] = await brokenBy();
    sink = ({ id }) => (id === bad!.id ? Promise.reject(new Error('500')) : Promise.resolve());
    for (let minute = 0; minute < 12; minute += 2) {
      clock.advance(2 * MINUTE_MS);
      await tick();
    }
    const statuses = documents.list('outbox').map(([, { data }]) => data['status']);
    expect(statuses.filter((status) => status === 'sent')).toHaveLength(4);
    expect(stored(bad!)['attempts']).toBeGreaterThan(1);
  });

  test('that works closes the circuit for all', async () => {
    await brokenBy();
    given(1);
    clock.advance(30_000);
    sink = () => Promise.resolve();
    await tick();
    given(5);
    expect((await tick()).ends).toEqual({ sent: 5 });
  });

  test('is one, however many jobs are due', async () => {
    await brokenBy();
    given(10);
    clock.advance(30_000);
    expect((await tick()).ends).toEqual({ retry: 1, released: 9 });
    expect(sends).toHaveLength(6);
  });

  test('of a sink that can take no duplicate is parked where nobody knows its end', async () => {
    const fax = aSink({
      onUnknownOutcome: 'park',
      timeoutMs: 1_000,
      send: () => new Promise(() => clock.advance(1_000)),
    });
    await brokenBy();
    const [job] = given(1);
    clock.advance(30_000);
    await tick(fax);
    expect(stored(job!)).toMatchObject({ failure: { reason: 'unknown-outcome' } });
  });
});

describe('a sink that refuses jobs one by one is there, and is called on', () => {
  test('where it refuses them for good', async () => {
    sink = () => Promise.reject(new PermanentError('no such address'));
    given(30);
    expect((await tick()).ends).toEqual({ failed: 30 });
  });

  test('where it refuses them for now, which spends an attempt of each', async () => {
    sink = () => Promise.reject(new RefusedError('mailbox full', { code: 'smtp-452' }));
    const jobs = given(30);
    expect((await tick()).ends).toEqual({ retry: 30 });
    expect(sends).toHaveLength(30);
    const lastError = { code: 'smtp-452', message: 'mailbox full' };
    for (const job of jobs) expect(stored(job)).toMatchObject({ attempts: 1, lastError });
  });

  test('where the job that it refuses was the probe', async () => {
    const [probe] = await brokenBy();
    sink = () => Promise.reject(new RefusedError('mailbox full'));
    clock.advance(MINUTE_MS);
    await tick();
    expect(stored(probe!)).toMatchObject({ attempts: 2, lastError: { code: 'refused' } });
    expect(breakers.openForMs('mail')).toBe(0);
  });
});
