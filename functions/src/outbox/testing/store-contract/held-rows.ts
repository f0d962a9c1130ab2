import { describe, expect, test } from '@jest/globals';
import { resume } from '../../model/transitions.ts';
import { aJob, aRunningJob, T0 } from '../factories.ts';
import type { MakeStore } from './bench.ts';
import { idsOf, openBench, pathOf } from './bench.ts';

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

    test('are held by a pause of exactly that id', async () => {
      const { store, put } = await openBench(makeStore);
      const pauses = ['org:a', 'org:ab', 'jobType:mail/org:a', 'jobType:mail'];
      const jobs = pauses.map((pausedBy) => aJob({ nextAttemptAt: undefined, pausedBy }));
      await put(...jobs);
      for (const [index, pause] of pauses.entries()) {
        expect(idsOf(await store.findPaused(pause, 10))).toEqual([jobs[index]?.id]);
      }
    });

    test('can be resumed by the fences they come with, and are not found again', async () => {
      const { store, put } = await openBench(makeStore);
      await put(aJob({ nextAttemptAt: undefined, pausedBy: 'org:org1' }));
      const [row] = (await store.findPaused('org:org1', 10)).rows;
      if (row?.kind !== 'job') throw new Error('The row is a job.');
      expect((await store.write(row.fence, resume(row.job, T0))).kind).toBe('written');
      expect((await store.findPaused('org:org1', 10)).rows).toEqual([]);
    });

    test('come as no jobs where they are none', async () => {
      const { store, put, write } = await openBench(makeStore);
      const job = aJob({ nextAttemptAt: undefined, pausedBy: 'org:org1', blocking: true });
      await put(job);
      await write([{ kind: 'merge', path: pathOf(job), data: { runs: -1 } }]);
      const found = [await store.findPaused('org:org1', 10), await store.findBlocking(10)];
      const malformed = { rows: [{ kind: 'malformed', id: job.id }] };
      expect(found).toMatchObject([malformed, malformed]);
    });

    test('do not block where they only did before', async () => {
      const { store, put } = await openBench(makeStore);
      const blocked = aJob({ status: 'failed', blocking: true, nextAttemptAt: undefined });
      await put(blocked, aJob({ blocking: false }));
      const [row] = (await store.findBlocking(10)).rows;
      if (row?.kind !== 'job') throw new Error('The row is a job.');
      await store.write(row.fence, { ...row.job, blocking: undefined });
      expect((await store.findBlocking(10)).rows).toEqual([]);
    });

    test('are found where they block, at most as many as asked for', async () => {
      const { store, put } = await openBench(makeStore);
      const blocking = { status: 'failed', blocking: true, nextAttemptAt: undefined } as const;
      await put(aJob(blocking), aJob(blocking), aJob(blocking));
      expect((await store.findBlocking(2)).rows).toHaveLength(2);
      expect((await store.findBlocking(10)).rows).toHaveLength(3);
    });
  });
}
