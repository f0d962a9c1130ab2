import { beforeEach, expect, test } from '@jest/globals';
import { ManualClock } from '../../kernel/testing/manual-clock.ts';
import { MemoryDocuments } from '../memory/memory-documents.ts';
import { createMemoryOutboxStore } from '../memory/memory-store.ts';
import { PermanentError } from '../model/handler-errors.ts';
import type { BatchHandler, JobHandler } from '../model/handler.ts';
import type { JobEnd } from '../model/job-end.ts';
import type { OutboxJob } from '../model/job.ts';
import { encodeJob } from '../record/job-document.ts';
import { aWorker, KeptLogs } from '../testing/a-worker.ts';
import { aJob, aSink, aWriter, NO_EFFECTS, T0 } from '../testing/factories.ts';
import { runJobsNow } from './fast-path.ts';
import { sweep } from './sweep.ts';
import type { Worker } from './worker.ts';

let clock: ManualClock;
let documents: MemoryDocuments;
let told: JobEnd[];
let logs: KeptLogs;

beforeEach(() => {
  clock = new ManualClock();
  clock.advance(500);
  documents = new MemoryDocuments(() => T0 + clock.elapsedMs());
  told = [];
  logs = new KeptLogs();
});

function plant(said: Partial<OutboxJob>): OutboxJob {
  const job = aJob(said);
  const { updatedAt: _, ...data } = encodeJob(job);
  documents.commit([{ write: { kind: 'create', path: `outbox/${job.id}`, data } }]);
  return job;
}

function workerWith(
  handlers: readonly JobHandler[],
  said: Parameters<typeof aWorker>[0] = {},
): Worker {
  const observe = (ended: JobEnd): void => void told.push(ended);
  const store = createMemoryOutboxStore(documents);
  return aWorker({ store, clock, logger: logs, observe, handlers, ...said });
}

const tick = (...handlers: readonly JobHandler[]) =>
  sweep(workerWith(handlers), { lastFromZeroElapsedMs: undefined });

test('a run that succeeded is told with how long it waited, ran and took in all', async () => {
  const send = async (): Promise<void> => clock.advance(40);
  const job = plant({ eventId: 'event1', eventType: 'task.created', slot: 3 });
  await tick(aSink({ send, sink: 'smtp' }));
  expect(told).toEqual([
    {
      jobId: job.id,
      jobType: 'mail',
      eventId: 'event1',
      eventType: 'task.created',
      by: 'tick',
      end: 'sent',
      reason: undefined,
      code: undefined,
      sink: 'smtp',
      isBulk: false,
      waitedMs: 500,
      ranMs: 40,
      ageMs: 540,
      atMs: T0 + 540,
    },
  ]);
});

test('a job of the fast path is told by the trigger, and bulk work as such', async () => {
  const [job, bulk] = [plant({ jobType: 'notif' }), plant({ jobType: 'notif', slot: 1_000 })];
  const worker = workerWith([aWriter({ handle: async () => NO_EFFECTS })], { by: 'trigger' });
  await runJobsNow(worker, [job.id, bulk.id]);
  expect(told.map(({ by, end, isBulk, sink }) => [by, end, isBulk, sink])).toEqual([
    ['trigger', 'sent', false, undefined],
    ['trigger', 'sent', true, undefined],
  ]);
});

test('a run that failed is told with its code, and only a first run with how long it waited', async () => {
  plant({ attempts: 1, runs: 1 });
  const send = () => Promise.reject(Object.assign(new Error('busy'), { code: 503 }));
  await tick(aSink({ send }));
  expect(told).toMatchObject([{ end: 'retry', code: '503', ranMs: 0 }]);
  expect(told[0]).not.toHaveProperty('waitedMs');
});

test('each job of a batch is told by its own end', async () => {
  plant({});
  plant({});
  const sendBatch: BatchHandler['sendBatch'] = async () => [
    { status: 'fulfilled', value: undefined },
    { status: 'rejected', reason: new PermanentError('no', { code: 'gone' }) },
  ];
  const { jobType, kind, policy, onUnknownOutcome } = aSink();
  await tick({ jobType, kind, policy, onUnknownOutcome, maxBatchSize: 10, sendBatch });
  expect(told.map(({ end, reason, code }) => [end, reason, code])).toEqual([
    ['sent', undefined, undefined],
    ['failed', 'permanent', 'gone'],
  ]);
});

test('dead letters that were not run are told, rows that are no jobs among them', async () => {
  plant({ attempts: 0, unroutableSince: T0 - 90_000_000, jobType: 'gone' });
  const row = { slot: 0, nextAttemptAt: new Date(T0), status: 'pending' };
  documents.commit([{ write: { kind: 'create', path: 'outbox/odd', data: row } }]);
  await tick();
  const inOrder = told.toSorted((a, b) => a.jobType.localeCompare(b.jobType));
  expect(inOrder.map(({ jobType, end, reason, ranMs }) => [jobType, end, reason, ranMs])).toEqual([
    ['gone', 'failed', 'unroutable', undefined],
    ['malformed', 'failed', 'malformed', undefined],
  ]);
});

test('a run whose row moved on without it is told by nobody', async () => {
  const job = plant({});
  const path = `outbox/${job.id}`;
  const send = async (): Promise<void> =>
    void documents.commit([{ write: { kind: 'update', path, data: { status: 'cancelled' } } }]);
  await tick(aSink({ send }));
  expect(told).toEqual([]);
});

test('what the observer throws is logged, and no job’s trouble', async () => {
  const job = plant({});
  const observe = (): never => {
    throw new Error('too many');
  };
  const worker = workerWith([aSink()], { observe });
  await sweep(worker, { lastFromZeroElapsedMs: undefined });
  expect(documents.get(`outbox/${job.id}`)?.data?.['status']).toBe('sent');
  expect(logs.troubles).toEqual(['an ended job could not be counted']);
});
