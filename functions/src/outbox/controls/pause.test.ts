import { beforeEach, describe, expect, test } from '@jest/globals';
import { MINUTE_MS } from '#kernel';
import { countingIds } from '../../kernel/testing/counting-ids.ts';
import { ManualClock } from '../../kernel/testing/manual-clock.ts';
import { MemoryDocuments } from '../memory/memory-documents.ts';
import { createMemoryOutboxStore } from '../memory/memory-store.ts';
import type { OutboxJob } from '../model/job.ts';
import { ControlsCache } from '../processor/controls-cache.ts';
import { runJobsNow } from '../processor/fast-path.ts';
import { resumePaused } from '../processor/resume-paused.ts';
import { sweep } from '../processor/sweep.ts';
import { createRow } from '../record/record-job.ts';
import type { OutboxStore } from '../store.ts';
import { aWorker, DEFAULT_SETTINGS } from '../testing/a-worker.ts';
import { aJob, aRunningJob, aSink, T0 } from '../testing/factories.ts';
import { changeSlots, pauseJobs, resumeJobs } from './pause.ts';

const asking = { by: 'operator1', reason: 'the provider is down' };
const ids = countingIds('run');

let nowMs: number;
let documents: MemoryDocuments;
let store: OutboxStore;
let sent: string[];

beforeEach(() => {
  nowMs = T0;
  documents = new MemoryDocuments(() => nowMs);
  store = createMemoryOutboxStore(documents);
  sent = [];
});

/** A worker of an instance that has just come up, or of one that knows what it knows. */
function worker(controls?: ControlsCache, clock = new ManualClock()) {
  const send = ({ id }: OutboxJob) => Promise.resolve(void sent.push(id));
  const handlers = [aSink({ send }), aSink({ jobType: 'other', send })];
  return aWorker({ store, handlers, ids, clock, ...(controls === undefined ? {} : { controls }) });
}

const tick = () => sweep(worker(), { lastFromZeroElapsedMs: undefined });

function given(job: OutboxJob): OutboxJob {
  documents.commit([{ write: createRow(job) }]);
  return job;
}

function stored({ id }: OutboxJob): Readonly<Record<string, unknown>> {
  return documents.get(`outbox/${id}`)?.data ?? {};
}

describe('a pause', () => {
  test.each([
    ['a job type', { jobType: 'mail' }, 'jobType:mail'],
    ['a tenant', { orgId: 'org1' }, 'org:org1'],
    ['a job type of a tenant', { jobType: 'mail', orgId: 'org1' }, 'jobType:mail/org:org1'],
  ])('of %s holds back its jobs, and no others', async (_, target, id) => {
    expect(await pauseJobs(store, target, asking)).toBe(id);
    const held = given(aJob());
    const free = given(aJob({ jobType: 'other', orgId: 'org2' }));
    await tick();
    expect(sent).toEqual([free.id]);
    expect(stored(held)).toMatchObject({ status: 'pending', attempts: 0, pausedBy: id });
    expect(stored(held)).not.toHaveProperty('nextAttemptAt');
  });

  test('of nothing in particular is refused', async () => {
    await expect(pauseJobs(store, {}, asking)).rejects.toMatchObject({ code: 'invalid-input' });
  });

  test('holds on the fast path, too', async () => {
    await pauseJobs(store, { jobType: 'mail' }, asking);
    const job = given(aJob());
    expect(await runJobsNow(worker(), [job.id])).toEqual([]);
    expect(stored(job)).toMatchObject({ runs: 0 });
  });

  test('takes hold of an instance that was at work before within ten seconds', async () => {
    const clock = new ManualClock();
    const controls = new ControlsCache(store, clock);
    await controls.read();
    await pauseJobs(store, { jobType: 'mail' }, asking);
    const [first, second] = [given(aJob()), given(aJob())];
    await runJobsNow(worker(controls, clock), [first.id]);
    clock.advance(10_000);
    await runJobsNow(worker(controls, clock), [second.id]);
    expect(sent).toEqual([first.id]);
  });

  test('with ten thousand due rows in front slows nobody behind them', async () => {
    await pauseJobs(store, { orgId: 'paused' }, asking);
    for (let n = 0; n < 10_000; n += 1) {
      given(aJob({ orgId: 'paused', nextAttemptAt: T0 - MINUTE_MS }));
    }
    const behind = given(aJob({ orgId: 'org2' }));
    await tick();
    expect(sent).toEqual([behind.id]);
  });
});

describe('a resume', () => {
  test('makes every row due again, whose age counts from now', async () => {
    const id = await pauseJobs(store, { jobType: 'mail' }, asking);
    const job = given(aJob());
    await tick();
    nowMs += MINUTE_MS;
    expect(await resumeJobs(store, id)).toBe('resuming');
    await tick();
    expect(sent).toEqual([job.id]);
    expect(stored(job)).toMatchObject({ status: 'sent', openedAt: new Date(nowMs) });
  });

  test('catches a row that somebody paused a moment after, not having heard of it', async () => {
    const id = await pauseJobs(store, { jobType: 'mail' }, asking);
    await resumeJobs(store, id);
    await tick();
    const late = given(aJob({ nextAttemptAt: undefined, pausedBy: id }));
    nowMs += MINUTE_MS;
    await tick();
    expect(sent).toEqual([late.id]);
  });

  test('is over when a look a minute later finds nothing', async () => {
    const id = await pauseJobs(store, { jobType: 'mail' }, asking);
    await resumeJobs(store, id);
    nowMs += MINUTE_MS - 1;
    await tick();
    expect((await store.readControls()).pauses).toHaveLength(1);
    nowMs += 1;
    await tick();
    expect((await store.readControls()).pauses).toEqual([]);
    expect(await resumeJobs(store, id)).toBe('not-paused');
  });

  test('of a row whose worker had died begins that attempt again', async () => {
    const id = await pauseJobs(store, { jobType: 'mail' }, asking);
    const job = given(aRunningJob({ lease: { expiresAt: T0 }, nextAttemptAt: T0 }));
    await tick();
    expect(stored(job)).toMatchObject({ status: 'processing', pausedBy: id });
    await resumeJobs(store, id);
    await tick();
    expect(stored(job)).toMatchObject({ status: 'sent', attempts: 1, runs: 2 });
  });
});

describe('a resume of more than a tick can get through', () => {
  test('leaves most of its time to what is due', async () => {
    const clock = new ManualClock();
    const inTime = new MemoryDocuments(() => T0 + clock.elapsedMs());
    const slow = createMemoryOutboxStore(inTime, async (operation) => {
      if (operation === 'findPaused') clock.advance(1_000);
    });
    const paused = Array.from({ length: 100 }, () =>
      aJob({ jobType: 'other', nextAttemptAt: undefined, pausedBy: 'jobType:other' }),
    );
    const job = aJob();
    inTime.commit([job, ...paused].map((one) => ({ write: createRow(one) })));
    const id = await pauseJobs(slow, { jobType: 'other' }, asking);
    await resumeJobs(slow, id);
    const send = ({ id: one }: OutboxJob) => Promise.resolve(void sent.push(one));
    const settings = { ...DEFAULT_SETTINGS, pageSize: 2 };
    const sweeping = aWorker({ store: slow, clock, ids, settings, handlers: [aSink({ send })] });
    await sweep(sweeping, { lastFromZeroElapsedMs: undefined });
    expect(sent).toEqual([job.id]);
    const left = inTime.list('outbox').filter(([, { data }]) => data['pausedBy'] !== undefined);
    expect(left).toHaveLength(100 - 20 * 2);
  });
});

test('a pause that is made again while its rows are resumed holds', async () => {
  const id = await pauseJobs(store, { jobType: 'mail' }, asking);
  await resumeJobs(store, id);
  const { pauses } = await store.readControls();
  await pauseJobs(store, { jobType: 'mail' }, asking);
  nowMs += MINUTE_MS;
  await resumePaused(worker(), pauses[0]!, Infinity);
  expect((await store.readControls()).pauses).toMatchObject([{ id }]);
});

test('one pause that makes no sense takes no other with it', async () => {
  const id = await pauseJobs(store, { jobType: 'mail' }, asking);
  const path = 'outbox_controls/slots';
  const { pauses } = documents.get(path)!.data as { pauses: unknown[] };
  documents.commit([{ write: { kind: 'merge', path, data: { pauses: [{ id: 7 }, ...pauses] } } }]);
  expect((await store.readControls()).pauses).toMatchObject([{ id }]);
});

describe('an instance that cannot read what is set', () => {
  test('asks again for the next row', async () => {
    let isDown = true;
    const down = (): ReturnType<OutboxStore['readControls']> =>
      isDown ? Promise.reject(new Error('down')) : store.readControls();
    const cache = new ControlsCache({ ...store, readControls: down }, new ManualClock());
    await expect(cache.pauses()).rejects.toThrow('down');
    isDown = false;
    expect(await cache.pauses()).toEqual([]);
  });
});

describe('a change of slots', () => {
  test.each([{ normal: 0 }, { normal: 1.5 }, { bulk: Number.NaN }, { normal: 1_001 }])(
    'to %j is refused with its path',
    async (said) => {
      const counts = { normal: 8, bulk: 4, ...said };
      const changing = changeSlots(store, counts, { normal: 8, bulk: 4 });
      await expect(changing).rejects.toMatchObject({
        code: 'invalid-input',
        problems: [{ path: Object.keys(said)[0] }],
      });
      expect((await store.readControls()).slots).toBeUndefined();
    },
  );

  test('keeps those that fall away as draining, and gives them up when they are wanted again', async () => {
    const before = { normal: 8, bulk: 4 };
    await changeSlots(store, { normal: 4, bulk: 2 }, before);
    const { slots } = await store.readControls();
    expect(slots).toEqual({ normal: 4, bulk: 2, draining: [4, 5, 6, 7, 1_002, 1_003] });
    await changeSlots(store, { normal: 6, bulk: 4 }, before);
    expect((await store.readControls()).slots?.draining).toEqual([6, 7]);
  });

  test('leaves the pauses alone', async () => {
    await pauseJobs(store, { jobType: 'mail' }, asking);
    await changeSlots(store, { normal: 4, bulk: 2 }, { normal: 8, bulk: 4 });
    expect((await store.readControls()).pauses).toMatchObject([{ id: 'jobType:mail', ...asking }]);
  });
});
