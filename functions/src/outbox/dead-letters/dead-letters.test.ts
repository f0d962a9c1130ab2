import { beforeEach, describe, expect, test } from '@jest/globals';
import { HOUR_MS } from '#kernel';
import { MemoryDocuments } from '../memory/memory-documents.ts';
import { createMemoryOutboxStore } from '../memory/memory-store.ts';
import type { OutboxJob } from '../model/job.ts';
import { createRow } from '../record/record-job.ts';
import type { OutboxStore } from '../store.ts';
import { aJob, anEntry, aRunningJob, T0 } from '../testing/factories.ts';
import { cancelJob } from './cancel.ts';
import { redriveJob } from './redrive.ts';

const nowMs = T0 + 5_000;
const failure = { reason: 'attempts-spent', at: T0 } as const;
const PAUSED = { pausedBy: 'org:org1', nextAttemptAt: undefined };
const place = { orderingKey: 'mail:line', sequence: 1 };

let documents: MemoryDocuments;
let store: OutboxStore;

beforeEach(() => {
  documents = new MemoryDocuments(() => nowMs);
  store = createMemoryOutboxStore(documents);
});

function given(job: OutboxJob): OutboxJob {
  documents.commit([{ write: createRow(job) }]);
  return job;
}

function aDeadLetter(said: Partial<OutboxJob> = {}): OutboxJob {
  return given(
    aJob({ status: 'failed', attempts: 5, runs: 5, failure, nextAttemptAt: undefined, ...said }),
  );
}

function stored({ id }: OutboxJob): Readonly<Record<string, unknown>> {
  return documents.get(`outbox/${id}`)?.data ?? {};
}

describe('a redrive', () => {
  test('sends a dead letter round again: attempts from zero, due now, runs going on', async () => {
    const job = aDeadLetter();
    expect(await redriveJob(store, job.id)).toEqual({ kind: 'redriven' });
    expect(stored(job)).toMatchObject({
      status: 'pending',
      attempts: 0,
      crashes: 0,
      redrives: 1,
      runs: 5,
      nextAttemptAt: new Date(nowMs),
      openedAt: new Date(nowMs),
    });
    expect(stored(job)).not.toHaveProperty('failure');
  });

  test('of poison leaves it a suspect, to be run alone', async () => {
    const job = aDeadLetter({ crashes: 3, failure: { reason: 'poison', at: T0 } });
    await redriveJob(store, job.id);
    expect(stored(job)).toMatchObject({ crashes: 1 });
  });

  test('sends a cancelled job round again', async () => {
    const job = given(aJob({ status: 'cancelled', nextAttemptAt: undefined }));
    expect(await redriveJob(store, job.id)).toEqual({ kind: 'redriven' });
  });

  test.each(['pending', 'processing', 'sent'] as const)(
    'of a job that is %s is refused',
    async (status) => {
      const job = given(aRunningJob({ status }));
      expect(await redriveJob(store, job.id)).toEqual({ kind: 'still-open', status });
    },
  );

  test('of a job that does not exist is refused', async () => {
    expect(await redriveJob(store, 'mail:org1:nothing')).toEqual({ kind: 'not-found' });
  });

  test('of a dead letter that blocks its line keeps its place', async () => {
    const job = aDeadLetter({ ...place, blocking: true });
    expect(await redriveJob(store, job.id, { place })).toEqual({ kind: 'redriven' });
    expect(stored(job)).toMatchObject(place);
    expect(stored(job)).not.toHaveProperty('blocking');
  });
});

describe('a redrive of a job that gave up its place', () => {
  test('has to be asked for by name', async () => {
    const job = aDeadLetter();
    expect(await redriveJob(store, job.id, { place })).toEqual({ kind: 'gave-up-its-place' });
    expect(stored(job)).toMatchObject({ status: 'failed' });
  });

  test('gives it its place back, and whoever is first now waits behind it', async () => {
    const job = aDeadLetter();
    const later = given(aJob({ ...place, sequence: 2, nextAttemptAt: nowMs }));
    const result = await redriveJob(store, job.id, { place, regainPlace: true });
    expect(result).toEqual({ kind: 'redriven' });
    expect(stored(job)).toMatchObject({ status: 'pending', ...place });
    expect(stored(later)).toMatchObject({ heldBy: job.id, attempts: 0 });
    expect((await store.readLine(place.orderingKey, 1)).rows).toMatchObject([
      { job: { id: job.id } },
    ]);
  });

  test('is refused while a later one is being run', async () => {
    const job = aDeadLetter();
    given(aRunningJob({ ...place, sequence: 2 }));
    const result = await redriveJob(store, job.id, { place, regainPlace: true });
    expect(result).toEqual({ kind: 'line-is-busy' });
    expect(stored(job)).toMatchObject({ status: 'failed' });
  });

  test('is nothing at all when a worker takes the head at the same moment', async () => {
    const job = aDeadLetter();
    const head = given(aJob({ ...place, sequence: 2 }));
    const racing = createMemoryOutboxStore(documents, async (operation) => {
      if (operation !== 'writeAll') return;
      const [row] = (await store.readRows([head.id])).rows;
      if (row?.kind === 'job') await store.write(row.fence, { ...row.job, runs: 1 });
    });
    const result = await redriveJob(racing, job.id, { place, regainPlace: true });
    expect(result).toEqual({ kind: 'changed' });
    expect(stored(job)).toMatchObject({ status: 'failed' });
  });

  test('is seen by whoever asks for the head before it is open', async () => {
    const job = aDeadLetter();
    const heads: unknown[] = [];
    const watched = createMemoryOutboxStore(documents, async (operation) => {
      if (operation !== 'readLine') return;
      const [head] = (await store.readLine(place.orderingKey, 1)).rows;
      heads.push(head?.kind === 'job' && [head.job.id, head.job.status, head.job.blocking]);
    });
    await redriveJob(watched, job.id, { place, regainPlace: true });
    expect(heads).toEqual([[job.id, 'failed', true]]);
  });

  test('fences whoever can be run behind it, past those that cannot', async () => {
    const job = aDeadLetter();
    const dead = aDeadLetter({ ...place, sequence: 2, blocking: true });
    const later = given(aJob({ ...place, sequence: 3, nextAttemptAt: nowMs }));
    const stale = (await store.readRows([later.id])).rows[0];
    await redriveJob(store, job.id, { place, regainPlace: true });
    expect(stored(dead)).toMatchObject({ status: 'failed', blocking: true });
    const late = await store.write(stale!.fence, { ...later, runs: 1 });
    expect(late).toEqual({ kind: 'lost' });
  });

  test('does not hurry one behind it that has a time of its own', async () => {
    const job = aDeadLetter();
    const openedAt = nowMs + 5 * HOUR_MS;
    const behind = given(aJob({ ...place, sequence: 2, openedAt, nextAttemptAt: openedAt }));
    await redriveJob(store, job.id, { place, regainPlace: true });
    expect(stored(behind)).toMatchObject({ heldBy: job.id, nextAttemptAt: new Date(openedAt) });
  });

  test('that comes to nothing wakes those who have begun to wait for it', async () => {
    const job = aDeadLetter();
    const later = given(aRunningJob({ ...place, sequence: 2 }));
    const held = aJob({ ...place, sequence: 2, heldBy: job.id, nextAttemptAt: nowMs + HOUR_MS });
    const racing = createMemoryOutboxStore(documents, async (operation) => {
      if (operation !== 'readLine answered') return;
      const [row] = (await store.readRows([later.id])).rows;
      if (row?.kind === 'job' && row.job.status === 'processing') {
        await store.write(row.fence, { ...held, id: later.id });
      }
    });
    const result = await redriveJob(racing, job.id, { place, regainPlace: true });
    expect(result).toEqual({ kind: 'line-is-busy' });
    expect(stored(later)).toMatchObject({ nextAttemptAt: new Date(nowMs) });
    expect(stored(job)).not.toHaveProperty('orderingKey');
  });

  test('that died half way can be asked for again, or cancelled', async () => {
    const halfWay = { ...place, blocking: true, nextAttemptAt: undefined } as const;
    const [one, other] = [1, 2].map((line) =>
      given(aJob({ ...halfWay, status: 'cancelled', orderingKey: `mail:line${line}` })),
    );
    expect(await redriveJob(store, one!.id)).toEqual({ kind: 'redriven' });
    expect(stored(one!)).toMatchObject({ status: 'pending', sequence: 1 });
    expect(await cancelJob(store, other!.id)).toEqual({ kind: 'cancelled' });
    expect(stored(other!)).not.toHaveProperty('orderingKey');
  });

  test('needs nobody’s leave where the line is empty', async () => {
    const job = aDeadLetter();
    const result = await redriveJob(store, job.id, { place, regainPlace: true });
    expect(result).toEqual({ kind: 'redriven' });
    expect(stored(job)).toMatchObject(place);
  });
});

describe('a cancel', () => {
  test.each([
    ['a job that waits', () => given(aJob())],
    ['a dead letter', () => aDeadLetter()],
    ['a paused job', () => given(aJob({ ...PAUSED }))],
    ['a paused job whose worker was lost', () => given(aRunningJob({ ...PAUSED }))],
  ])('takes out %s', async (_, make) => {
    const job = make();
    expect(await cancelJob(store, job.id)).toEqual({ kind: 'cancelled' });
    expect(stored(job)).toMatchObject({ status: 'cancelled' });
    for (const field of ['nextAttemptAt', 'lease', 'pausedBy']) {
      expect(stored(job)).not.toHaveProperty(field);
    }
  });

  test('of a job whose worker was lost keeps on the record that its start never ended', async () => {
    const job = given(aRunningJob({ ...PAUSED, history: [anEntry()] }));
    await cancelJob(store, job.id);
    expect(stored(job)).toMatchObject({ crashes: 1, history: [{ outcome: 'crashed' }] });
  });

  test.each(['processing', 'sent', 'cancelled'] as const)(
    'of a job that is %s is refused',
    async (status) => {
      const job = given(aRunningJob({ status }));
      expect(await cancelJob(store, job.id)).toEqual({ kind: 'not-cancellable', status });
    },
  );

  test('gives up the job’s place, and who waited for it is due now', async () => {
    const job = aDeadLetter({ ...place, blocking: true });
    const next = given(
      aJob({ ...place, sequence: 2, heldBy: job.id, nextAttemptAt: nowMs + HOUR_MS }),
    );
    await cancelJob(store, job.id);
    expect(stored(job)).not.toHaveProperty('orderingKey');
    expect(stored(next)).toMatchObject({ nextAttemptAt: new Date(nowMs) });
    expect(stored(next)).not.toHaveProperty('heldBy');
  });

  test('leaves one that waited for it, and is paused, without a due time', async () => {
    const first = given(aJob({ ...place }));
    const said = { sequence: 2, heldBy: first.id, pausedBy: 'org:org1', nextAttemptAt: undefined };
    const second = given(aJob({ ...place, ...said }));
    await cancelJob(store, first.id);
    expect(stored(second)).not.toHaveProperty('nextAttemptAt');
  });

  test('leaves one that waited for it, and has a time of its own, to that time', async () => {
    const first = given(aJob({ ...place }));
    const openedAt = nowMs + HOUR_MS;
    const said = { sequence: 2, heldBy: first.id, openedAt, nextAttemptAt: openedAt };
    const second = given(aJob({ ...place, ...said }));
    await cancelJob(store, first.id);
    expect(stored(second)).toMatchObject({ nextAttemptAt: new Date(openedAt) });
  });

  test('does not hurry a job that waits for a retry of its own', async () => {
    const job = aDeadLetter({ ...place, blocking: true });
    const dueMs = nowMs + HOUR_MS;
    const next = given(aJob({ ...place, sequence: 2, nextAttemptAt: dueMs }));
    await cancelJob(store, job.id);
    expect(stored(next)).toMatchObject({ nextAttemptAt: new Date(dueMs) });
  });
});

test('blocked lines can be listed by the dead letters that block them', async () => {
  const blocking = aDeadLetter({ ...place, blocking: true });
  aDeadLetter();
  expect((await store.findBlocking(10)).rows).toMatchObject([{ job: { id: blocking.id } }]);
});

describe('a row that is no job', () => {
  const nonsense = { status: 'pending', attempts: 'many', orderingKey: 'mail:line', sequence: 1 };

  beforeEach(() => {
    documents.commit([{ write: { kind: 'create', path: 'outbox/nonsense', data: nonsense } }]);
  });

  test.each([redriveJob, cancelJob])('is not touched by an operator: %p', async (act) => {
    expect(await act(store, 'nonsense')).toMatchObject({
      kind: 'malformed',
      problem: expect.stringContaining('attempts'),
    });
    expect(documents.get('outbox/nonsense')?.data).toEqual(nonsense);
  });

  test('blocks its line once it is parked, and is listed so', async () => {
    const [row] = (await store.readRows(['nonsense'])).rows;
    if (row?.kind !== 'malformed') throw new Error('expected a malformed row');
    await store.park(row, nowMs);
    expect((await store.findBlocking(10)).rows).toMatchObject([{ id: 'nonsense' }]);
  });
});
