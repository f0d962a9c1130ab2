import { describe, expect, test } from '@jest/globals';
import { initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import { measure } from '../../kernel/testing/meter.ts';
import { PermanentError } from '../model/handler-errors.ts';
import { Engine } from '../testing/engine.ts';
import { aChild, aSink, aWriter, anEntry } from '../testing/factories.ts';
import { runJobsNow } from './fast-path.ts';

const firestore = getFirestore(initializeApp());
const child = 'mail:org1:child1';
const notification = { kind: 'create', path: 'notifications/n1', data: { text: 'Hello' } } as const;

/** A `notif` that writes one notification and one `mail` job. */
const notif = aWriter({
  handle: async () => ({ writes: [notification], jobs: [aChild({ causeId: 'child1' })] }),
});

function open(...handlers: Parameters<typeof Engine.open>[1][]): Promise<Engine> {
  return Engine.open(firestore, ...handlers);
}

describe('a transactional job', () => {
  test('runs at once with its child: effects, child and both settles in four writes', async () => {
    const engine = await open(notif, aSink());
    const { id } = await engine.due({ jobType: 'notif' });
    const billed = await measure(firestore, () => engine.trigger(id));
    expect(billed).toEqual({ reads: 1, writes: 4, deletes: 0 });
    const run = { by: 'trigger', attempt: 1, outcome: 'sent', endedAt: expect.any(Number) };
    const sent = { status: 'sent', attempts: 1, crashes: 0, runs: 1, history: [run] };
    expect(await engine.job(id)).toMatchObject(sent);
    expect(await engine.job(child)).toMatchObject(sent);
    expect(await engine.read('notifications/n1')).toEqual({ text: 'Hello' });
  });

  test('that fails writes nothing but its failure, on the row it read', async () => {
    const engine = await open(aWriter({ handle: () => Promise.reject(new Error('no')) }));
    const { id } = await engine.due({ jobType: 'notif' });
    const billed = await measure(firestore, () => engine.trigger(id));
    expect(billed).toEqual({ reads: 1, writes: 1, deletes: 0 });
    expect(await engine.job(id)).toMatchObject({ status: 'pending', attempts: 1, runs: 1 });
  });

  test('whose effects are refused has failed, and none of them is written', async () => {
    const bad = { kind: 'update', path: 'things/none', data: {} } as const;
    const handle = async () => ({ writes: [notification, bad], jobs: [aChild()] });
    const engine = await open(aWriter({ handle }), aSink());
    const { id } = await engine.due({ jobType: 'notif' });
    expect(await engine.trigger(id)).toEqual(['retry']);
    expect(await engine.job(id)).toMatchObject({ status: 'pending', attempts: 1, crashes: 0 });
    expect(await engine.read('notifications/n1')).toBeUndefined();
    expect(await engine.read(`outbox/${child}`)).toBeUndefined();
  });
});

describe('an external job', () => {
  test('is claimed before it is sent, and settled after: two writes', async () => {
    const seen: unknown[] = [];
    const engine = await open(
      aSink({
        send: async (job) => {
          seen.push(job, await engine.job(job.id));
        },
      }),
    );
    const { id } = await engine.due();
    const billed = await measure(firestore, () => engine.trigger(id));
    // The second read is the handler's own.
    expect(billed).toEqual({ reads: 2, writes: 2, deletes: 0 });
    const leased = {
      status: 'processing',
      attempts: 1,
      runs: 1,
      lease: { expiresAt: expect.any(Number) },
    };
    expect(seen).toEqual([expect.objectContaining(leased), expect.objectContaining(leased)]);
    expect((await engine.job(id)).status).toBe('sent');
  });
});

describe('what is not plainly to be run is left to the tick, untouched', () => {
  test.each<[string, (startMs: number) => Record<string, unknown>]>([
    ['not due yet', (ms) => ({ nextAttemptAt: ms + 3_600_000 })],
    ['leased by somebody', (ms) => ({ status: 'processing', nextAttemptAt: ms + 60_000 })],
    ['a lease that ran out', () => ({ status: 'processing', attempts: 1, history: [anEntry()] })],
    ['a suspect', () => ({ crashes: 1 })],
    ['an unknown job type', () => ({ jobType: 'nobody.knows' })],
    ['a closed one', () => ({ status: 'sent', nextAttemptAt: undefined })],
  ])('%s', async (_, said) => {
    const engine = await open(aSink());
    const { id } = await engine.due(said(engine.startMs));
    const before = await engine.read(`outbox/${id}`);
    const billed = await measure(firestore, () => engine.trigger(id));
    expect(billed).toEqual({ reads: 1, writes: 0, deletes: 0 });
    expect(await engine.read(`outbox/${id}`)).toEqual(before);
  });

  test('a row that is no job, or none at all', async () => {
    const engine = await open(aSink());
    await firestore.doc('outbox/odd').create({ status: 'odd' });
    expect(await engine.trigger('odd', 'none')).toEqual([]);
    expect(await engine.read('outbox/odd')).toEqual({ status: 'odd' });
  });

  test('a job there is no time for', async () => {
    const engine = await open(aSink());
    const { id } = await engine.due();
    expect(await runJobsNow(engine.worker({ budgetMs: 24_999 }), [id])).toEqual([]);
    expect((await engine.job(id)).status).toBe('pending');
  });
});

test('a job whose turn comes when the time is up is left to the tick', async () => {
  const engine = await open(aSink({ send: async () => engine.clock.advance(80_000) }));
  engine.settings = { ...engine.settings, concurrency: 1 };
  const jobs = [await engine.due(), await engine.due()];
  expect(await engine.trigger(...jobs.map(({ id }) => id))).toHaveLength(1);
  expect((await engine.statuses(jobs)).toSorted()).toEqual(['pending', expect.any(String)]);
});

describe('children', () => {
  test('past the worker’s capacity start pending, and the tick runs them', async () => {
    const jobs = ['c1', 'c2', 'c3'].map((causeId) => aChild({ causeId }));
    const engine = await open(aWriter({ handle: async () => ({ writes: [], jobs }) }), aSink());
    engine.settings = { ...engine.settings, concurrency: 2 };
    const { id } = await engine.due({ jobType: 'notif' });
    await engine.trigger(id);
    const rows = jobs.map(({ causeId }) => ({ id: `mail:org1:${causeId}` }));
    expect(await engine.statuses(rows)).toEqual(['sent', 'pending', 'pending']);
    engine.later(1_000);
    await engine.tick();
    expect(await engine.statuses(rows)).toEqual(['sent', 'sent', 'sent']);
  });

  test('give their places back: the next parent’s child has one, too', async () => {
    const handle = async ({ id }: { id: string }) => ({
      writes: [],
      jobs: [aChild({ causeId: `child-of-${id}` })],
    });
    const engine = await open(aWriter({ handle }), aSink());
    const settings = { ...engine.settings, concurrency: 2 };
    const worker = engine.worker({ settings });
    for (const id of ['p1', 'p2', 'p3']) {
      await engine.due({ id, jobType: 'notif' });
      expect(await runJobsNow(worker, [id])).toEqual(['sent', 'sent']);
    }
    expect(worker.capacity.takeUpTo(9)).toBe(2);
  });

  test('of a sink that takes no duplicate, and of no known type, start pending', async () => {
    const jobs = [aChild({ jobType: 'sms' }), aChild({ jobType: 'nobody.knows' })];
    const engine = await open(
      aWriter({ handle: async () => ({ writes: [], jobs }) }),
      aSink({ jobType: 'sms', onUnknownOutcome: 'park' }),
    );
    const { id } = await engine.due({ jobType: 'notif' });
    expect(await engine.trigger(id)).toEqual(['sent']);
    const rows = [{ id: 'sms:org1:child1' }, { id: 'nobody.knows:org1:child1' }];
    expect(await engine.statuses(rows)).toEqual(['pending', 'pending']);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'are never forgotten, even when the time is up at look %d at the clock',
    async (looks) => {
      const engine = await open(notif, aSink());
      const { id } = await engine.due({ jobType: 'notif' });
      let elapsedMs = 0;
      const clock = {
        elapsedMs: () => (elapsedMs += 1),
        wait: engine.clock.wait.bind(engine.clock),
      };
      // A handler needs 25 s; time passes only by looking.
      await runJobsNow(engine.worker({ clock, budgetMs: 25_000 + looks }), [id]);
      const isSent = (await engine.job(id)).status === 'sent';
      const hasChild = (await engine.read(`outbox/${child}`)) !== undefined;
      expect(hasChild).toBe(isSent);
    },
  );

  test('fail for themselves: their parent is sent', async () => {
    const engine = await open(
      notif,
      aSink({ send: () => Promise.reject(new PermanentError('gone')) }),
    );
    const { id } = await engine.due({ jobType: 'notif' });
    expect(await engine.trigger(id)).toEqual(['sent', 'failed']);
    expect(await engine.statuses([{ id }, { id: child }])).toEqual(['sent', 'failed']);
  });

  test('whose settle the database refuses harm neither parent nor siblings', async () => {
    const jobs = ['bad', 'good'].map((causeId) => aChild({ causeId }));
    const engine = await open(aWriter({ handle: async () => ({ writes: [], jobs }) }), aSink());
    const { id } = await engine.due({ jobType: 'notif' });
    const write: typeof engine.store.write = (fence, next) =>
      next.id.endsWith('bad') ? Promise.reject(new Error('down')) : engine.store.write(fence, next);
    const worker = engine.worker({ store: { ...engine.store, write } });
    expect(await runJobsNow(worker, [id])).toEqual(['sent', 'sent']);
    const ids = [{ id }, { id: 'mail:org1:bad' }, { id: 'mail:org1:good' }];
    expect(await engine.statuses(ids)).toEqual(['sent', 'processing', 'sent']);
    const troubles = engine.logs.entries.filter(({ severity }) => severity === 'ERROR');
    expect(troubles).toMatchObject([{ jobId: 'mail:org1:bad', error: 'down' }]);
  });

  test('and effects of an earlier run are written once', async () => {
    const sent: string[] = [];
    const engine = await open(notif, aSink({ send: async ({ id }) => void sent.push(id) }));
    await firestore.doc(notification.path).create({ text: 'from before' });
    await engine.due({ id: child, status: 'sent', nextAttemptAt: undefined });
    const { id } = await engine.due({ jobType: 'notif' });
    expect(await engine.trigger(id)).toEqual(['sent']);
    expect(await engine.read('notifications/n1')).toEqual({ text: 'from before' });
    expect(sent).toEqual([]);
  });
});

test('one job’s trouble is never its neighbours’', async () => {
  const send = async ({ payload }: { payload?: unknown }) => {
    if (payload !== undefined) throw new Error('no');
  };
  const engine = await open(aSink({ send }));
  const jobs = [await engine.due(), await engine.due({ payload: {} }), await engine.due()];
  expect(await engine.trigger(...jobs.map(({ id }) => id))).toEqual(['sent', 'retry', 'sent']);
  expect(await engine.statuses(jobs)).toEqual(['sent', 'pending', 'sent']);
});
