import { describe, expect, test } from '@jest/globals';
import { recordPendingJob } from '../../record/record-job.ts';
import { aChild, aJob, aRunningJob } from '../factories.ts';
import type { Bench, MakeStore } from './bench.ts';
import { claimed, effects, openBench, pathOf, sent } from './bench.ts';

const slots = { normal: 8, bulk: 4 };

async function settle(bench: Bench, said: Parameters<typeof effects>[0], job = aRunningJob()) {
  const row = await bench.given(job);
  return bench.store.settle(row.fence, sent(row.job), effects(said));
}

export function describeSettle(makeStore: MakeStore): void {
  describe('a settle', () => {
    test('commits the row and all effects together', async () => {
      const bench = await openBench(makeStore);
      await bench.write([
        { kind: 'create', path: 'things/updated', data: { a: 1, b: 1 } },
        { kind: 'create', path: 'things/deleted', data: {} },
      ]);
      const job = aRunningJob();
      const pending = recordPendingJob(aChild({ causeId: 'p' }), { slots, maxAttempts: 3 });
      const started = claimed(aJob());
      const result = await settle(
        bench,
        {
          writes: [
            { kind: 'create', path: 'things/created', data: { a: 1 } },
            { kind: 'update', path: 'things/updated', data: { b: 2 } },
            { kind: 'merge', path: 'things/merged', data: { c: 3 } },
            { kind: 'delete', path: 'things/deleted' },
          ],
          pending: [pending],
          started: [started],
        },
        job,
      );
      expect(result.kind).toBe('settled');
      expect((await bench.row(job.id)).job.status).toBe('sent');
      expect((await bench.row('mail:org1:p')).job).toMatchObject({
        status: 'pending',
        maxAttempts: 3,
      });
      expect((await bench.row(started.id)).job).toMatchObject({
        status: 'processing',
        attempts: 1,
      });
      const things = ['created', 'updated', 'merged', 'deleted'].map((id) =>
        bench.read(`things/${id}`),
      );
      expect(await Promise.all(things)).toEqual([{ a: 1 }, { a: 1, b: 2 }, { c: 3 }, undefined]);
    });

    test('answers its started children in order, with fences that hold', async () => {
      const bench = await openBench(makeStore);
      const children = [claimed(aJob()), claimed(aJob()), claimed(aJob())];
      const write = { kind: 'create', path: 'things/t', data: {} } as const;
      const result = await settle(bench, { writes: [write], started: children });
      if (result.kind !== 'settled') throw new Error(result.kind);
      expect(result.started.map(({ job }) => job.id)).toEqual(children.map(({ id }) => id));
      for (const { fence, job } of result.started) {
        expect((await bench.store.write(fence, sent(job))).kind).toBe('written');
      }
    });

    test('needs no effects', async () => {
      const bench = await openBench(makeStore);
      expect(await settle(bench, {})).toEqual({ kind: 'settled', started: [] });
    });

    test.each([
      ['changes what is not there', { kind: 'update', path: 'things/none', data: { a: 1 } }],
      ['holds what cannot be stored', { kind: 'set', path: 'things/t', data: { a: [undefined] } }],
    ] as const)('with an effect that %s is refused, and nothing is written', async (_, bad) => {
      const bench = await openBench(makeStore);
      const job = aRunningJob();
      const good = { kind: 'create', path: 'things/good', data: {} } as const;
      const child = claimed(aJob());
      const result = await settle(bench, { writes: [good, bad], started: [child] }, job);
      expect(result).toEqual({ kind: 'refused', error: expect.any(Error) });
      expect((await bench.row(job.id)).job.status).toBe('processing');
      const paths = ['things/good', pathOf(child)];
      expect(await Promise.all(paths.map(bench.exists))).toEqual([false, false]);
    });
  });
}
