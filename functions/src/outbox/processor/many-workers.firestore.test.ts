import { describe, expect, test } from '@jest/globals';
import { initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import { setImmediate as turn } from 'node:timers/promises';
import { createFirestoreOutboxStore } from '../firestore/firestore-store.ts';
import type { OutboxJob } from '../model/job.ts';
import { aGate, Engine } from '../testing/engine.ts';
import { aChild, anEntry, aSink, aWriter } from '../testing/factories.ts';
import { sweep } from './sweep.ts';

const firestore = getFirestore(initializeApp());

/** A sink that notes each job it is sent, and one that also waits a turn. */
function noting(sent: string[], wait: () => Promise<unknown> = turn) {
  return aSink({
    send: async ({ id }) => {
      sent.push(id);
      await wait();
    },
  });
}

describe('workers at the same time', () => {
  test('two sweeps run each job once', async () => {
    const sent: string[] = [];
    const engine = await Engine.open(firestore, noting(sent));
    const jobs = await Promise.all(Array.from({ length: 30 }, () => engine.due()));
    // A second instance has a client, a writer and a memory of its own.
    const other = engine.worker({ store: createFirestoreOutboxStore(firestore) });
    const reports = await Promise.all([
      engine.tick(),
      sweep(other, { lastFromZeroElapsedMs: undefined }),
    ]);
    expect(sent.toSorted()).toEqual(jobs.map(({ id }) => id).toSorted());
    const runs = await Promise.all(jobs.map(({ id }) => engine.job(id)));
    expect(runs.every(({ status, attempts }) => status === 'sent' && attempts === 1)).toBe(true);
    expect(reports.map(({ ends }) => ends.sent ?? 0).reduce((a, b) => a + b)).toBe(30);
  });

  test('trigger and tick run a writer’s effects and its child once', async () => {
    const sent: string[] = [];
    const write = { kind: 'create', path: 'notifications/n1', data: { n: 1 } } as const;
    const handle = async () => ({ writes: [write], jobs: [aChild({ causeId: 'c1' })] });
    const engine = await Engine.open(firestore, aWriter({ handle }), noting(sent));
    const { id } = await engine.due({ jobType: 'notif' });
    await Promise.all([engine.trigger(id), engine.tick(), engine.trigger(id)]);
    expect(sent).toEqual(['mail:org1:c1']);
    expect(await engine.job(id)).toMatchObject({ status: 'sent', attempts: 1, runs: 1 });
    expect(await engine.job('mail:org1:c1')).toMatchObject({ status: 'sent', runs: 1 });
  });

  test('a trigger that was first leaves nothing to the tick', async () => {
    const sent: string[] = [];
    const engine = await Engine.open(firestore, noting(sent));
    const { id } = await engine.due();
    await engine.trigger(id);
    await engine.trigger(id);
    expect((await engine.tick()).read).toBe(0);
    expect(sent).toEqual([id]);
  });
});

describe('a zombie, whose lease was taken over while it slept', () => {
  test('writes neither its outcome nor its effects', async () => {
    const gate = aGate();
    const by = ['zombie', 'successor'];
    const handle = async () => {
      const me = by.shift() ?? 'nobody';
      if (me === 'zombie') await gate.pass();
      const write = { kind: 'create', path: `things/${me}`, data: {} } as const;
      return { writes: [write], jobs: [aChild({ causeId: me })] };
    };
    const engine = await Engine.open(firestore, aWriter({ handle }), aSink());
    const { id } = await engine.due({ jobType: 'notif' });
    const zombie = engine.tick();
    await gate.arrived;
    engine.later(61_000);
    await engine.tick();
    const settled = await engine.read(`outbox/${id}`);
    gate.open();
    expect((await zombie).ends).toEqual({ lost: 1 });
    expect(await engine.read(`outbox/${id}`)).toEqual(settled);
    expect(await engine.read('things/successor')).toEqual({});
    expect(await engine.read('things/zombie')).toBeUndefined();
    expect(await engine.read('outbox/mail:org1:zombie')).toBeUndefined();
    expect(engine.logs.troubles).toEqual([
      'job taken over; its last worker never ended it',
      'job lease-lost',
    ]);
  });

  test('that failed does not disturb the one that runs now', async () => {
    const [first, second] = [aGate(), aGate()];
    const gates = [first, second];
    const engine = await Engine.open(
      firestore,
      aSink({
        send: async ({ runs }) => {
          await gates[runs - 1]?.pass();
          if (runs === 1) throw new Error('late');
        },
      }),
    );
    const { id } = await engine.due();
    const zombie = engine.tick();
    await first.arrived;
    engine.later(61_000);
    const successor = engine.tick();
    await second.arrived;
    first.open();
    expect((await zombie).ends).toEqual({ lost: 1 });
    expect(await engine.job(id)).toMatchObject({ status: 'processing', crashes: 1 });
    second.open();
    expect((await successor).ends).toEqual({ sent: 1 });
    expect((await engine.job(id)).lastError).toBeUndefined();
  });
});

describe('neighbours', () => {
  test('of a handler that throws are sent', async () => {
    const send = async ({ payload }: OutboxJob) => {
      if (payload !== undefined) throw new Error('no');
    };
    const engine = await Engine.open(firestore, aSink({ send }));
    const jobs = [await engine.due(), await engine.due({ payload: {} }), await engine.due()];
    expect((await engine.tick()).ends).toEqual({ sent: 2, retry: 1 });
    expect(await engine.statuses(jobs)).toEqual(['sent', 'pending', 'sent']);
  });

  test('of a row that the database refuses to write are sent, and the row stays due', async () => {
    const engine = await Engine.open(firestore, aSink());
    const jobs = [await engine.due(), await engine.due({ id: 'bad' }), await engine.due()];
    const { store } = engine;
    const write: typeof store.write = (fence, next) =>
      next.id === 'bad' ? Promise.reject(new Error('down')) : store.write(fence, next);
    const report = await engine.tick({ store: { ...store, write } });
    expect(report.ends).toEqual({ sent: 2, error: 1 });
    expect(engine.logs.entries).toContainEqual(
      expect.objectContaining({ severity: 'ERROR', jobId: 'bad', error: 'down' }),
    );
    expect((await engine.tick()).ends).toEqual({ sent: 1 });
    expect(await engine.statuses(jobs)).toEqual(['sent', 'sent', 'sent']);
  });
});

describe('suspects', () => {
  test('run after everybody else, one at a time', async () => {
    const running = new Set<string>();
    const together: string[][] = [];
    const send = async ({ id }: OutboxJob) => {
      running.add(id);
      together.push([...running]);
      for (let turns = 0; turns < 5; turns += 1) await turn();
      running.delete(id);
    };
    const engine = await Engine.open(firestore, aSink({ send }));
    const lost = { status: 'processing', attempts: 1, runs: 1, history: [anEntry()] } as const;
    await engine.due({ id: 'lost', ...lost });
    await engine.due({ id: 'pending-suspect', crashes: 1 });
    for (let n = 0; n < 5; n += 1) await engine.due({ id: `innocent${n}` });
    await engine.tick();
    expect(together).toHaveLength(7);
    expect(together.slice(0, 5).flat()).not.toContain('lost');
    expect(new Set(together.slice(5).map(String))).toEqual(new Set(['lost', 'pending-suspect']));
  });

  test('and no more than the concurrency of anybody', async () => {
    let running = 0;
    let most = 0;
    const send = async () => {
      most = Math.max(most, (running += 1));
      await turn();
      running -= 1;
    };
    const engine = await Engine.open(firestore, aSink({ send }));
    engine.settings = { ...engine.settings, concurrency: 3 };
    for (let n = 0; n < 12; n += 1) await engine.due();
    await engine.tick();
    expect([most, running]).toEqual([3, 0]);
  });
});
