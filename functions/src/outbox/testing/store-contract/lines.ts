import { describe, expect, test } from '@jest/globals';
import { aJob, aRunningJob } from '../factories.ts';
import type { MakeStore } from './bench.ts';
import { claimed, openBench, sent } from './bench.ts';

export function describeLines(makeStore: MakeStore): void {
  const inLine = (sequence: number, orderingKey = 'line1') => aJob({ orderingKey, sequence });

  describe('the head of a line', () => {
    test('is the row with the lowest sequence, by number and not by text', async () => {
      const { store, put } = await openBench(makeStore);
      const jobs = [10, 9, 11].map((sequence) => inLine(sequence));
      await put(...jobs, inLine(1, 'line2'));
      const { rows } = await store.readLine('line1', 1);
      expect(rows).toMatchObject([{ job: { id: jobs[1]?.id } }]);
    });

    test('is nobody where nobody stands in it', async () => {
      const { store } = await openBench(makeStore);
      expect((await store.readLine('line1', 1)).rows).toEqual([]);
    });

    test('comes with a fence that holds, and is another once it has left', async () => {
      const { store, put } = await openBench(makeStore);
      const [first, second] = [inLine(1), inLine(2)];
      await put(first, second);
      const [head] = (await store.readLine('line1', 1)).rows;
      if (head?.kind !== 'job') throw new Error('There is a head.');
      const running = await store.write(head.fence, claimed(head.job));
      if (running.kind !== 'written') throw new Error(running.kind);
      await store.write(running.row.fence, sent(running.row.job));
      expect((await store.readLine('line1', 1)).rows).toMatchObject([{ job: { id: second.id } }]);
    });
  });
}

export function describeWriteAll(makeStore: MakeStore): void {
  describe('writes of several rows in one commit', () => {
    test('bring them all to their new states', async () => {
      const bench = await openBench(makeStore);
      const rows = [await bench.given(aJob()), await bench.given(aJob())];
      const updates = rows.map(({ fence, job }) => ({ fence, next: claimed(job) }));
      expect(await bench.store.writeAll(updates)).toBe(true);
      for (const { job } of rows) {
        expect((await bench.row(job.id)).job.status).toBe('processing');
      }
    });

    test('write nothing when one of them is no longer as it was', async () => {
      const bench = await openBench(makeStore);
      const rows = [await bench.given(aJob()), await bench.given(aJob())];
      await bench.claimElsewhere(rows[1]?.job.id ?? '');
      const updates = rows.map(({ fence, job }) => ({ fence, next: claimed(job) }));
      expect(await bench.store.writeAll(updates)).toBe(false);
      expect((await bench.row(rows[0]?.job.id ?? '')).job.status).toBe('pending');
    });

    test('write nothing when one of them is gone', async () => {
      const bench = await openBench(makeStore);
      const rows = [await bench.given(aJob()), await bench.given(aJob())];
      await bench.write([{ kind: 'delete', path: `outbox/${rows[1]?.job.id}` }]);
      const updates = rows.map(({ fence, job }) => ({ fence, next: claimed(job) }));
      expect(await bench.store.writeAll(updates)).toBe(false);
      expect((await bench.row(rows[0]?.job.id ?? '')).job.status).toBe('pending');
    });
  });
}

export function describeHeldRows(makeStore: MakeStore): void {
  describe('rows that wait for an operator', () => {
    test('are found by their pause, at most as many as asked for', async () => {
      const { store, put } = await openBench(makeStore);
      const held = { nextAttemptAt: undefined, pausedBy: 'org:org1' };
      await put(aJob(held), aJob(held), aJob({ ...held, pausedBy: 'org:org2' }), aJob());
      expect((await store.findPaused('org:org1', 10)).rows).toHaveLength(2);
      expect((await store.findPaused('org:org1', 1)).rows).toHaveLength(1);
      expect((await store.findPaused('org:org3', 10)).rows).toEqual([]);
    });

    test('are found where they block their line', async () => {
      const { store, put } = await openBench(makeStore);
      const blocking = aRunningJob({ status: 'failed', blocking: true, nextAttemptAt: undefined });
      await put(blocking, aJob());
      expect((await store.findBlocking(10)).rows).toMatchObject([{ job: { id: blocking.id } }]);
    });
  });
}
