import { beforeEach, describe, expect, test } from '@jest/globals';
import type { DocumentData } from '#kernel';
import { DAY_MS, DELETE_FIELD, MINUTE_MS } from '#kernel';
import { countingIds } from '../../kernel/testing/counting-ids.ts';
import { MemoryDocuments } from '../memory/memory-documents.ts';
import { createMemoryOutboxStore } from '../memory/memory-store.ts';
import { changeSlots, pauseJobs } from '../controls/pause.ts';
import type { OutboxJob } from '../model/job.ts';
import { slotOf } from '../model/slots.ts';
import { runJobsNow } from '../processor/fast-path.ts';
import { sweep } from '../processor/sweep.ts';
import { createRow } from '../record/record-job.ts';
import { aWorker, DEFAULT_SETTINGS } from '../testing/a-worker.ts';
import { aJob, aRunningJob, aSink, T0 } from '../testing/factories.ts';
import { repairRows } from './repair-rows.ts';

let documents: MemoryDocuments;
let sent: string[];
const ids = countingIds('run');
const SLOTS = { normal: 8, bulk: 4 };

beforeEach(() => {
  documents = new MemoryDocuments(() => T0);
  sent = [];
});

function worker() {
  const send = ({ id }: OutboxJob) => Promise.resolve(void sent.push(id));
  return aWorker({ store: createMemoryOutboxStore(documents), handlers: [aSink({ send })], ids });
}

const tick = () => sweep(worker(), { lastFromZeroElapsedMs: undefined });

/** A row that somebody edited by hand. */
function edited(job: OutboxJob, fields: DocumentData): OutboxJob {
  const path = `outbox/${job.id}`;
  documents.commit([{ write: createRow(job) }, { write: { kind: 'update', path, data: fields } }]);
  return job;
}

function stored({ id }: OutboxJob): Readonly<Record<string, unknown>> {
  return documents.get(`outbox/${id}`)?.data ?? {};
}

const mendable: [string, () => OutboxJob, DocumentData][] = [
  ['without a slot', () => aJob(), { slot: DELETE_FIELD }],
  ['with a text for a slot', () => aJob(), { slot: '3' }],
  ['with a slot that nobody reads', () => aJob(), { slot: 500 }],
  ['without a due time', () => aJob(), { nextAttemptAt: DELETE_FIELD }],
  [
    'with a lease in the year 3000',
    () => aRunningJob(),
    {
      lease: { expiresAt: new Date('3000-01-01') },
      nextAttemptAt: new Date('3000-01-01'),
    },
  ],
  ['running without a lease', () => aRunningJob(), { lease: DELETE_FIELD }],
  ['that would be deleted before it is sent', () => aJob(), { expireAt: new Date(T0 + DAY_MS) }],
  ['that is due in the year 9999', () => aJob(), { nextAttemptAt: new Date('9999-01-01') }],
];

const unmendable: [string, () => OutboxJob, DocumentData][] = [
  ['of a state that is none', () => aJob(), { status: 'dancing' }],
  ['whose attempts are a text', () => aJob(), { attempts: '2' }],
  ['whose type is not of the grammar', () => aJob(), { jobType: 'Not A Type!' }],
  ['whose history is no list', () => aJob(), { history: 'long' }],
  ['without a tenant', () => aJob(), { orgId: DELETE_FIELD }],
  ['with half a place in a line', () => aJob(), { orderingKey: 'mail:line' }],
  ['with the other half', () => aJob(), { sequence: 3 }],
];

describe('a row edited by hand', () => {
  test.each(mendable)('%s is mended and delivered', async (_, make, fields) => {
    const job = edited(make(), fields);
    const report = await repairRows(worker(), { everything: false });
    expect(report).toMatchObject({ seen: 1, mended: 1, parked: 0, isComplete: true });
    await tick();
    expect(sent).toEqual([job.id]);
    expect(stored(job)).toMatchObject({ status: 'sent' });
  });

  test.each(unmendable)('%s is parked for a person to look at', async (_, make, fields) => {
    const job = edited(make(), fields);
    const report = await repairRows(worker(), { everything: false });
    expect(report).toMatchObject({ mended: 0, parked: 1 });
    expect(stored(job)).toMatchObject({
      status: 'failed',
      failure: { reason: 'malformed' },
      lastError: { code: 'malformed', message: expect.any(String) },
    });
    expect(stored(job)).not.toHaveProperty('nextAttemptAt');
  });

  test.each([...mendable, ...unmendable])(
    '%s crashes no worker and blocks no neighbour until then',
    async (_, make, fields) => {
      edited(make(), fields);
      const neighbour = aJob();
      documents.commit([{ write: createRow(neighbour) }]);
      await tick();
      expect(sent).toContain(neighbour.id);
    },
  );

  test('without any state is found by the look through everything', async () => {
    const job = edited(aJob(), { status: DELETE_FIELD, nextAttemptAt: DELETE_FIELD });
    expect(await repairRows(worker(), { everything: false })).toMatchObject({ seen: 0 });
    expect(await repairRows(worker(), { everything: true })).toMatchObject({ parked: 1 });
    expect(stored(job)).toMatchObject({ status: 'failed' });
  });

  test('or held back for a pause that is over is due now', async () => {
    const job = edited(aJob({ nextAttemptAt: undefined, pausedBy: 'org:org1' }), {});
    expect(await repairRows(worker(), { everything: false })).toMatchObject({ mended: 1 });
    await tick();
    expect(sent).toEqual([job.id]);
  });

  test('that is closed and yet due is closed properly', async () => {
    const job = edited(aJob({ status: 'sent' }), {});
    await repairRows(worker(), { everything: true });
    expect(stored(job)).toMatchObject({ status: 'sent' });
    expect(stored(job)).not.toHaveProperty('nextAttemptAt');
  });
});

describe('what is as it should be is left alone', () => {
  beforeEach(async () => {
    const asking = { by: 'operator1', reason: 'why' };
    await pauseJobs(createMemoryOutboxStore(documents), { orgId: 'org1' }, asking);
  });

  test.each<[string, () => OutboxJob]>([
    ['a job that waits', () => aJob({ nextAttemptAt: T0 + 3 * DAY_MS })],
    [
      'a job that is not to be run for years',
      () => aJob({ openedAt: T0 + 2_000 * DAY_MS, nextAttemptAt: T0 + 2_000 * DAY_MS }),
    ],
    ['a job with a live lease', () => aRunningJob()],
    ['a job that is paused', () => aJob({ nextAttemptAt: undefined, pausedBy: 'org:org1' })],
    ['a job of a type nobody knows', () => aJob({ jobType: 'crm.push' })],
    ['a job in a bulk slot', () => aJob({ slot: 1_002 })],
    ['a dead letter', () => aJob({ status: 'failed', nextAttemptAt: undefined })],
  ])('%s', async (_, make) => {
    const job = edited(make(), {});
    const before = documents.get(`outbox/${job.id}`);
    const report = await repairRows(worker(), { everything: true });
    expect(report).toMatchObject({ seen: 1, mended: 0, parked: 0 });
    expect(documents.get(`outbox/${job.id}`)).toEqual(before);
  });

  test.each(['failed', 'cancelled'] as const)(
    'that is %s and would be deleted by itself stays, every day',
    async (status) => {
      const closed = aJob({ status, nextAttemptAt: undefined });
      const job = edited(closed, { expireAt: new Date(T0 + DAY_MS) });
      const report = await repairRows(worker(), { everything: false });
      expect(report).toMatchObject({ mended: 1, parked: 0 });
      expect(stored(job)).toMatchObject({ status });
      expect(stored(job)).not.toHaveProperty('expireAt');
    },
  );

  test('what was parked before is not parked again', async () => {
    edited(aJob(), { attempts: '2' });
    await repairRows(worker(), { everything: true });
    expect(await repairRows(worker(), { everything: true })).toMatchObject({ parked: 0 });
  });
});

test('a settle that finds its row mended under it is lost, and the job is delivered by the next', async () => {
  const job = edited(aRunningJob(), {
    lease: DELETE_FIELD,
    nextAttemptAt: new Date(T0 - MINUTE_MS),
  });
  await repairRows(worker(), { everything: false });
  await tick();
  expect(stored(job)).toMatchObject({ status: 'sent', attempts: 1 });
});

test('a row that runs is only put into another slot, and its run is settled all the same', async () => {
  const job = aJob();
  documents.commit([{ write: createRow(job) }]);
  let edits = 0;
  const send = async () => {
    edits += 1;
    edited(aJob(), {});
    const write = { kind: 'update', path: `outbox/${job.id}`, data: { slot: 500 } } as const;
    documents.commit([{ write }]);
    await repairRows(worker(), { everything: false });
    expect(stored(job)).toMatchObject({ status: 'processing', slot: slotOf(job.id, SLOTS) });
  };
  const store = createMemoryOutboxStore(documents);
  const sending = aWorker({ store, handlers: [aSink({ send, onUnknownOutcome: 'park' })], ids });
  await runJobsNow(sending, [job.id]);
  expect(edits).toBe(1);
  expect(stored(job)).toMatchObject({ status: 'sent', runs: 1 });
});

test('many pages are looked through', async () => {
  for (let n = 0; n < 450; n += 1) edited(aJob(), { slot: DELETE_FIELD });
  expect(await repairRows(worker(), { everything: false })).toMatchObject({
    seen: 450,
    mended: 450,
    parked: 0,
    isComplete: true,
  });
});

describe('a deployment with other slots', () => {
  test('notes them, and those that fall away are read on', async () => {
    const store = createMemoryOutboxStore(documents);
    const repairWith = (normal: number) =>
      repairRows(
        { ...worker(), settings: { ...DEFAULT_SETTINGS, slots: { normal, bulk: 4 } } },
        {
          everything: false,
        },
      );
    await repairWith(8);
    expect((await store.readControls()).slots).toEqual({ normal: 8, bulk: 4, draining: [] });
    const job = aJob({ slot: 7 });
    documents.commit([{ write: createRow(job) }]);
    await repairWith(4);
    expect((await store.readControls()).slots?.draining).toEqual([4, 5, 6, 7]);
    const settings = { ...DEFAULT_SETTINGS, slots: { normal: 4, bulk: 4 } };
    await sweep({ ...worker(), settings }, { lastFromZeroElapsedMs: undefined });
    expect(sent).toEqual([job.id]);
  });
});

describe('slots that were taken out of use', () => {
  const before = { normal: 8, bulk: 4 };

  test('are read until nothing is left in them, and then no more', async () => {
    const store = createMemoryOutboxStore(documents);
    documents.commit([{ write: createRow(aJob({ slot: 9, nextAttemptAt: T0 + DAY_MS })) }]);
    await changeSlots(store, before, { normal: 11, bulk: 4 });
    expect((await store.readControls()).slots?.draining).toEqual([8, 9, 10]);
    expect(await repairRows(worker(), { everything: true })).toMatchObject({
      retiredSlots: [8, 10],
    });
    expect((await store.readControls()).slots?.draining).toEqual([9]);
  });

  test('stay while a dead letter is in one, which may be sent round again', async () => {
    const store = createMemoryOutboxStore(documents);
    const failure = { reason: 'permanent', at: T0 } as const;
    const dead = aJob({ status: 'failed', nextAttemptAt: undefined, failure });
    const done = aJob({ status: 'sent', nextAttemptAt: undefined });
    for (const [job, slot] of [
      [dead, 9],
      [done, 10],
    ] as const) {
      documents.commit([{ write: createRow({ ...job, slot }) }]);
    }
    await changeSlots(store, before, { normal: 11, bulk: 4 });
    expect(await repairRows(worker(), { everything: false })).toMatchObject({ retiredSlots: [] });
    expect(await repairRows(worker(), { everything: true })).toMatchObject({
      mended: 0,
      retiredSlots: [8, 10],
    });
    // What was sent is nowhere looked for, and left as it is.
    expect(await repairRows(worker(), { everything: true })).toMatchObject({ mended: 0 });
  });

  test('stay while a paused row is in one', async () => {
    const store = createMemoryOutboxStore(documents);
    const pausedBy = await pauseJobs(store, { orgId: 'org1' }, { by: 'ops', reason: 'test' });
    const row = createRow(aJob({ slot: 9, pausedBy, nextAttemptAt: undefined }));
    documents.commit([{ write: row }]);
    await changeSlots(store, before, { normal: 10, bulk: 4 });
    expect(await repairRows(worker(), { everything: true })).toMatchObject({ retiredSlots: [8] });
  });
});
