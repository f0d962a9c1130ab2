import { describe, expect, test } from '@jest/globals';
import { aJob } from '../factories.ts';
import type { MakeStore } from './bench.ts';
import { claimed, idsOf, openBench, pathOf, sent } from './bench.ts';

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

    test('is one and the same every time where two have the same sequence', async () => {
      const { store, put } = await openBench(makeStore);
      const twins = [inLine(3), inLine(3)];
      await put(...twins);
      const heads = await Promise.all(
        Array.from({ length: 3 }, async () => idsOf(await store.readLine('line1', 1))),
      );
      expect(twins.map(({ id }) => [id])).toContainEqual(heads[0]);
      expect(heads).toEqual([heads[0], heads[0], heads[0]]);
    });

    test('comes as no job where it is none: nobody may step over it', async () => {
      const { store, put, write } = await openBench(makeStore);
      const [first, second] = [inLine(1), inLine(2)];
      await put(first, second);
      await write([{ kind: 'merge', path: pathOf(first), data: { attempts: 'many' } }]);
      const [head] = (await store.readLine('line1', 1)).rows;
      expect(head).toMatchObject({ kind: 'malformed', id: first.id, isInLine: true });
    });
  });

  describe('the first of a line', () => {
    test('come in order, whatever their states, and no more than asked for', async () => {
      const { store, put } = await openBench(makeStore);
      const states = [
        inLine(10),
        { ...inLine(9), status: 'failed', blocking: true, nextAttemptAt: undefined },
        { ...inLine(100), status: 'processing' },
      ] as const;
      await put(...states);
      const [ten, nine, hundred] = states.map(({ id }) => id);
      expect(idsOf(await store.readLine('line1', 10))).toEqual([nine, ten, hundred]);
      expect(idsOf(await store.readLine('line1', 2))).toEqual([nine, ten]);
    });

    test('are of that line by its exact name', async () => {
      const { store, put } = await openBench(makeStore);
      const keys = ['line', 'line1', 'line10', 'LINE1', 'líne1', 'line1 '];
      const jobs = keys.map((key) => inLine(1, key));
      await put(...jobs);
      for (const [index, key] of keys.entries()) {
        expect(idsOf(await store.readLine(key, 10))).toEqual([jobs[index]?.id]);
      }
    });

    test('are not those who gave up their place', async () => {
      const { store, given } = await openBench(makeStore);
      const row = await given(inLine(1));
      await store.write(row.fence, { ...row.job, orderingKey: undefined, sequence: undefined });
      expect((await store.readLine('line1', 10)).rows).toEqual([]);
    });
  });
}
