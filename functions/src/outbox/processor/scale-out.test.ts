import { beforeEach, describe, expect, test } from '@jest/globals';
import { countingIds } from '../../kernel/testing/counting-ids.ts';
import { ManualClock } from '../../kernel/testing/manual-clock.ts';
import { MemoryDocuments } from '../memory/memory-documents.ts';
import { createMemoryOutboxStore } from '../memory/memory-store.ts';
import type { OutboxJob } from '../model/job.ts';
import { bulkSlotOf, slotOf } from '../model/slots.ts';
import { createRow } from '../record/record-job.ts';
import { aWorker, DEFAULT_SETTINGS, KeptLogs } from '../testing/a-worker.ts';
import { aJob, aSink, T0 } from '../testing/factories.ts';
import type { TaskQueue, WorkerTask } from './scale-out.ts';
import { ScaleOut } from './scale-out.ts';
import { sweep } from './sweep.ts';
import { workTask } from './work-task.ts';
import type { Worker } from './worker.ts';

const settings = { ...DEFAULT_SETTINGS, pageSize: 20, maxJobsPerRun: 40 };
const everySlot = [0, 1, 2, 3, 4, 5, 6, 7, 1_000, 1_001, 1_002, 1_003];
const nextTickAtMs = T0 + 120_000;

let clock: ManualClock;
let documents: MemoryDocuments;
let calls: { readonly id: string; readonly task: WorkerTask; readonly notBeforeMs?: number }[];
let logs: KeptLogs;
let sent: OutboxJob[];
let isQueueDown: boolean;
let isSinkDown: boolean;

const queue: TaskQueue = {
  enqueue: (id, task, notBeforeMs) => {
    if (isQueueDown) return Promise.reject(new Error('queue is down'));
    calls.push({ id, task, ...(notBeforeMs === undefined ? {} : { notBeforeMs }) });
    return Promise.resolve('enqueued');
  },
};

beforeEach(() => {
  clock = new ManualClock();
  documents = new MemoryDocuments(() => T0 + clock.elapsedMs());
  [calls, sent] = [[], []];
  logs = new KeptLogs();
  [isQueueDown, isSinkDown] = [false, false];
});

const ids = countingIds('run');

function aWorkerThatCalls(by: Worker['by'] = 'tick'): Worker {
  const scaleOut = { queue, nextTickMs: () => nextTickAtMs, maxWorkers: 3 };
  const send = async (job: OutboxJob) => {
    if (isSinkDown) throw new Error('down');
    sent.push(job);
  };
  const store = createMemoryOutboxStore(documents);
  const handlers = [aSink({ send })];
  return aWorker({ by, store, clock, ids, logger: logs, settings, scaleOut, handlers });
}

function due(count: number, said: Partial<OutboxJob> = {}, tenant = 'org'): void {
  const jobs = Array.from({ length: count }, (_, index) => {
    const orgId = `${tenant}${index}`;
    const id = `mail:${orgId}:event${index}`;
    return aJob({ id, orgId, slot: slotOf(id, settings.slots), ...said });
  });
  documents.commit(jobs.map((job) => ({ write: createRow(job) })));
}

function open(): number[] {
  const rows = documents.list('outbox').filter(([, { data }]) => data['status'] === 'pending');
  return rows.map(([, { data }]) => Number(data['slot']));
}

const noMemory = () => ({ lastFromZeroElapsedMs: undefined });
const tick = () => sweep(aWorkerThatCalls(), noMemory(), { tickAtMs: T0 });

describe('a tick', () => {
  test('that meets no full page calls nobody', async () => {
    due(19);
    expect(await tick()).toMatchObject({ ends: { sent: 19 }, isComplete: true });
    expect(calls).toEqual([]);
  });

  test('that meets a full page calls workers for all slots but its own share', async () => {
    due(200);
    await tick();
    expect(calls.map(({ task }) => task.hop)).toEqual([0, 0, 0]);
    const calledFor = calls.flatMap(({ task }) => task.slots);
    const own = everySlot.filter((slot) => !calledFor.includes(slot));
    expect(calledFor).toHaveLength(9);
    expect(own).toEqual([0, 4, 1_000]);
    for (const { task } of calls) {
      expect(task).toMatchObject({ sinceMs: T0, untilMs: nextTickAtMs });
    }
  });

  test('goes on in its own share only', async () => {
    due(200);
    await tick();
    const after = new Set(sent.slice(settings.pageSize).map(({ slot }) => slot));
    expect(after).toEqual(new Set([0, 4]));
  });

  test('meets a backlog of bulk work, too', async () => {
    const jobs = Array.from({ length: 60 }, (_, index) => {
      const id = `mail:org${index}:event`;
      return aJob({
        id,
        orgId: `org${index}`,
        slot: bulkSlotOf(`org${index}`, id, settings.slots),
      });
    });
    documents.commit(jobs.map((job) => ({ write: createRow(job) })));
    await tick();
    expect(calls).toHaveLength(3);
  });

  test('does everything itself where nobody can be called, and says so', async () => {
    isQueueDown = true;
    due(35);
    expect(await tick()).toMatchObject({ ends: { sent: 35 }, isComplete: true });
    expect(logs.troubles).toContain('worker could not be called; the next tick does its work');
  });

  test('run twice for one schedule calls by the same ids', async () => {
    due(200);
    await tick();
    const first = calls.map(({ id }) => id);
    calls = [];
    await tick();
    expect(calls.map(({ id }) => id)).toEqual(first);
  });
});

test('a tick that comes again after the next one calls workers of its own', async () => {
  due(200);
  await tick();
  const first = new Set(calls.map(({ id }) => id));
  calls = [];
  const said = { queue, nextTickMs: () => nextTickAtMs + 120_000, maxWorkers: 3 };
  await sweep({ ...aWorkerThatCalls(), scaleOut: new ScaleOut(said) }, noMemory(), {
    tickAtMs: T0,
  });
  expect(calls).toHaveLength(3);
  expect(calls.some(({ id }) => first.has(id))).toBe(false);
});

describe('a worker that was called', () => {
  const task: WorkerTask = { slots: everySlot, sinceMs: T0, untilMs: nextTickAtMs, hop: 0 };
  const work = (said: Partial<WorkerTask> = {}) =>
    workTask(aWorkerThatCalls('task'), { ...task, ...said }, noMemory());

  test('works through its slots and no others', async () => {
    due(10, { slot: 1 });
    due(10, { slot: 2 }, 'other');
    expect((await work({ slots: [1] })).ends).toEqual({ sent: 10 });
  });

  test('calls the next where it did not come to the end', async () => {
    due(100);
    expect(await work()).toMatchObject({ isComplete: false });
    expect(calls).toMatchObject([{ task: { ...task, hop: 1 } }]);
  });

  test('calls nobody where nothing is left', async () => {
    due(10);
    expect(await work()).toMatchObject({ isComplete: true });
    expect(calls).toEqual([]);
  });

  test('calls nobody once the next tick has taken over', async () => {
    due(100);
    clock.advance(119_999);
    const late = workTask(
      {
        ...aWorkerThatCalls('task'),
        handlers: () => aSink({ send: async () => clock.advance(1) }),
      },
      task,
      noMemory(),
    );
    expect(await late).toMatchObject({ isComplete: false });
    expect(calls).toEqual([]);
  });

  test('that comes after the next tick does nothing', async () => {
    due(10);
    clock.advance(120_000);
    expect(await work()).toMatchObject({ read: 0, ends: {} });
    expect(open()).toHaveLength(10);
  });
});

describe('a retry that is due before the next tick', () => {
  test('has a worker called for its slot when it is due, in steps of ten seconds', async () => {
    isSinkDown = true;
    due(1, { slot: 5 });
    await tick();
    const task = { slots: [5], sinceMs: T0 + 60_000, untilMs: nextTickAtMs, hop: 0 };
    expect(calls).toMatchObject([{ task, notBeforeMs: T0 + 60_000 }]);
  });

  test('shares that call with others of its slot', async () => {
    isSinkDown = true;
    due(4, { slot: 5 });
    const worker = aWorkerThatCalls();
    await sweep(worker, noMemory());
    expect(calls).toHaveLength(1);
  });

  test('is asked for again where the queue was down', async () => {
    const parts = { queue, nextTickMs: () => nextTickAtMs, maxWorkers: 3 };
    const scaleOut = new ScaleOut(parts);
    const task = { slots: [5], sinceMs: T0, untilMs: nextTickAtMs, hop: 0 };
    isQueueDown = true;
    await expect(scaleOut.call(task)).rejects.toThrow('queue is down');
    isQueueDown = false;
    await scaleOut.call(task);
    await scaleOut.call(task);
    expect(calls).toHaveLength(1);
  });

  test('is left to the tick where that comes first', async () => {
    isSinkDown = true;
    due(1, { attempts: 2, runs: 2 });
    await tick();
    expect(calls).toEqual([]);
  });

  test('does not fail with the queue', async () => {
    [isSinkDown, isQueueDown] = [true, true];
    due(1);
    expect((await tick()).ends).toEqual({ retry: 1 });
  });
});

test('an instance that is about to end begins nothing, and gives back what it has claimed', async () => {
  due(1);
  const stopping = new AbortController();
  const store = createMemoryOutboxStore(documents, async (operation) => {
    if (operation === 'write answered') stopping.abort();
  });
  const send = () => Promise.reject(new Error('was begun'));
  const worker = aWorker({
    store,
    clock,
    ids,
    settings,
    stopping: stopping.signal,
    handlers: [aSink({ send })],
  });
  expect((await sweep(worker, noMemory())).ends).toEqual({ released: 1 });
  const [[, { data }] = ['', { data: {} }]] = documents.list('outbox');
  expect(data).toMatchObject({ status: 'pending', attempts: 0, nextAttemptAt: new Date(T0) });
  due(1, { id: 'mail:org1:later' });
  expect((await sweep(worker, noMemory())).read).toBe(0);
});

describe('the same call, asked for twice at once', () => {
  const task = { slots: [0], sinceMs: T0, untilMs: nextTickAtMs, hop: 0 };
  const parts = { queue, nextTickMs: () => nextTickAtMs, maxWorkers: 3 };

  test('is made once', async () => {
    const scaleOut = new ScaleOut(parts);
    await Promise.all([scaleOut.call(task), scaleOut.call(task)]);
    expect(calls).toHaveLength(1);
  });

  test('fails for both where it cannot be made, and may be tried again', async () => {
    const scaleOut = new ScaleOut(parts);
    isQueueDown = true;
    const ends = await Promise.allSettled([scaleOut.call(task), scaleOut.call(task)]);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isQueueDown = false;
    await scaleOut.call(task);
    expect(calls).toHaveLength(1);
  });
});
