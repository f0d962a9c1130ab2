import { describe, expect, test } from '@jest/globals';
import { initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import { measure } from '../../kernel/testing/meter.ts';
import type { OutboxJob } from '../model/job.ts';
import { Engine } from '../testing/engine.ts';
import { aSink } from '../testing/factories.ts';

const firestore = getFirestore(initializeApp());
const HOUR_MS = 3_600_000;

/** An engine whose sink notes which jobs it was sent. */
async function openNoting(): Promise<{ engine: Engine; sent: string[] }> {
  const sent: string[] = [];
  const send = async ({ id }: OutboxJob) => {
    sent.push(id);
  };
  return { engine: await Engine.open(firestore, aSink({ send })), sent };
}

describe('a tick', () => {
  test('with nothing to do is three reads', async () => {
    const { engine } = await openNoting();
    const billed = await measure(firestore, () => engine.tick());
    expect(billed).toEqual({ reads: 3, writes: 0, deletes: 0 });
    expect(await engine.tick()).toMatchObject({ read: 0, ends: {} });
  });

  test('runs what the trigger missed', async () => {
    const { engine, sent } = await openNoting();
    const { id } = await engine.due();
    expect(await engine.tick()).toMatchObject({ read: 1, ends: { sent: 1 } });
    expect(sent).toEqual([id]);
    const run = { by: 'tick', attempt: 1, outcome: 'sent' };
    expect(await engine.job(id)).toMatchObject({ status: 'sent', attempts: 1, history: [run] });
  });

  test('bills one read and two writes for an external job', async () => {
    const { engine } = await openNoting();
    for (let n = 0; n < 5; n += 1) await engine.due();
    const billed = await measure(firestore, () => engine.tick());
    // The controls and the empty bulk page are the other two.
    expect(billed).toEqual({ reads: 2 + 5, writes: 2 * 5, deletes: 0 });
  });

  test('runs nothing before it is due', async () => {
    const { engine, sent } = await openNoting();
    const { id } = await engine.due({ nextAttemptAt: engine.startMs + 60_000 });
    await engine.tick();
    expect(sent).toEqual([]);
    engine.later(60_000);
    await engine.tick();
    expect(sent).toEqual([id]);
  });
});

describe('a backlog', () => {
  test.each([
    ['due at the same millisecond', () => 0],
    ['due one after the other', (n: number) => n * 7],
  ])('%s is worked through page by page', async (_, offsetMs) => {
    const { engine, sent } = await openNoting();
    engine.settings = { ...engine.settings, pageSize: 5 };
    const dueAt = (n: number) => engine.startMs - 10_000 + offsetMs(n);
    for (let n = 0; n < 23; n += 1) {
      await engine.due({ orgId: `org${n}`, nextAttemptAt: dueAt(n) });
    }
    expect(await engine.tick()).toMatchObject({ read: 23, ends: { sent: 23 } });
    expect(new Set(sent).size).toBe(23);
  });

  test('is left to the next ticks past what one may do', async () => {
    const { engine } = await openNoting();
    engine.settings = { ...engine.settings, pageSize: 4, maxJobsPerRun: 10 };
    for (let n = 0; n < 15; n += 1) await engine.due({ orgId: `org${n}` });
    expect((await engine.tick()).ends).toEqual({ sent: 10 });
    expect((await engine.tick()).ends).toEqual({ sent: 5 });
  });

  test('that there is no time for stays due, unread and unclaimed', async () => {
    const { engine, sent } = await openNoting();
    const { id } = await engine.due();
    const billed = await measure(firestore, () => engine.tick({ budgetMs: 24_999 }));
    expect(billed).toEqual({ reads: 1, writes: 0, deletes: 0 });
    expect(await engine.job(id)).toMatchObject({ status: 'pending', attempts: 0, runs: 0 });
    await engine.tick({ budgetMs: 25_000 });
    expect(sent).toEqual([id]);
  });

  test('of a slow handler stays due while there is not time enough for that one', async () => {
    const engine = await Engine.open(
      firestore,
      aSink(),
      aSink({ jobType: 'slow', timeoutMs: 50_000 }),
    );
    const jobs = [await engine.due({ jobType: 'slow' }), await engine.due()];
    // Looked at in its share of the time, and again in what bulk work has left.
    expect((await engine.tick({ budgetMs: 54_999 })).ends).toEqual({ left: 2, sent: 1 });
    expect(await engine.statuses(jobs)).toEqual(['pending', 'sent']);
  });
});

describe('slots', () => {
  test('bulk slots are looked into as well', async () => {
    const { engine, sent } = await openNoting();
    const { id } = await engine.due({ slot: 1_003 });
    await engine.tick();
    expect(sent).toEqual([id]);
  });

  test('more than thirty take more queries, and none is left out', async () => {
    const { engine, sent } = await openNoting();
    engine.settings = { ...engine.settings, slots: { normal: 65, bulk: 4 } };
    const idle = await measure(firestore, () => engine.tick());
    expect(idle.reads).toBe(1 + 3 + 1);
    for (const slot of [0, 29, 30, 59, 60, 64]) await engine.due({ slot });
    await engine.tick();
    expect(sent).toHaveLength(6);
  });

  test('in force are those of the controls', async () => {
    const { engine, sent } = await openNoting();
    const { id } = await engine.due({ slot: 20 });
    await engine.tick();
    expect(sent).toEqual([]);
    await firestore.doc('outbox_controls/slots').create({ normal: 21, bulk: 1 });
    await engine.tick();
    expect(sent).toEqual([id]);
  });
});

describe('what is long overdue', () => {
  function longDue(engine: Engine) {
    return engine.due({ nextAttemptAt: engine.startMs - 3 * HOUR_MS });
  }

  test('is found by an instance’s first tick', async () => {
    const { engine, sent } = await openNoting();
    const { id } = await longDue(engine);
    await engine.tick();
    expect(sent).toEqual([id]);
  });

  test('and after that once an hour; in between a tick looks back two hours', async () => {
    const { engine, sent } = await openNoting();
    await engine.tick();
    const { id } = await longDue(engine);
    const { id: recent } = await engine.due({
      nextAttemptAt: engine.startMs - 2 * HOUR_MS + 60_000,
    });
    engine.clock.advance(HOUR_MS);
    await engine.tick();
    expect(sent).toEqual([recent]);
    engine.clock.advance(1);
    await engine.tick();
    expect(sent).toEqual([recent, id]);
  });

  test('and more than a tick may do: the next ticks go on with it', async () => {
    const { engine, sent } = await openNoting();
    engine.settings = { ...engine.settings, maxJobsPerRun: 2 };
    for (let n = 0; n < 5; n += 1) await longDue(engine);
    for (const done of [2, 4, 5]) {
      await engine.tick();
      expect(sent).toHaveLength(done);
    }
  });

  test('and could not be read: the next tick tries again', async () => {
    const { engine, sent } = await openNoting();
    const { id } = await longDue(engine);
    const findDue = () => Promise.reject(new Error('down'));
    await expect(engine.tick({ store: { ...engine.store, findDue } })).rejects.toThrow('down');
    await engine.tick();
    expect(sent).toEqual([id]);
  });
});
