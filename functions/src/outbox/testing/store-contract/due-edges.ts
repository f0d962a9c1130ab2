import { describe, expect, test } from '@jest/globals';
import { pushBack } from '../../model/transitions.ts';
import { aJob, T0 } from '../factories.ts';
import type { MakeStore } from './bench.ts';
import { idsOf, openBench, pathOf } from './bench.ts';

const everything = { slots: [0], fromMs: 0, throughMs: T0 + 1e9, limit: 1_000 };

/** What is easy to get wrong about what is due. */
export function describeDueEdges(makeStore: MakeStore): void {
  describe('a due page, at its edges:', () => {
    test('rows due in the same millisecond come once each, in the same order every time', async () => {
      const { store, put } = await openBench(makeStore);
      const jobs = Array.from({ length: 9 }, () => aJob());
      await put(...jobs);
      const first = idsOf(await store.findDue(everything));
      expect(first.toSorted()).toEqual(jobs.map(({ id }) => id).toSorted());
      expect(idsOf(await store.findDue(everything))).toEqual(first);
      expect(idsOf(await store.findDue({ ...everything, limit: 4 }))).toEqual(first.slice(0, 4));
    });

    test('a page of five hundred, and the rest after it', async () => {
      const { store, put } = await openBench(makeStore);
      const jobs = Array.from({ length: 510 }, (_, n) => aJob({ nextAttemptAt: T0 + n }));
      await put(...jobs.slice(0, 255));
      await put(...jobs.slice(255));
      const page = idsOf(await store.findDue({ ...everything, limit: 500 }));
      expect(page).toEqual(jobs.slice(0, 500).map(({ id }) => id));
      const rest = await store.findDue({ ...everything, fromMs: T0 + 500 });
      expect(idsOf(rest)).toEqual(jobs.slice(500).map(({ id }) => id));
    });

    test('from zero finds what was due long ago', async () => {
      const { store, put } = await openBench(makeStore);
      const old = [aJob({ nextAttemptAt: 1 }), aJob({ nextAttemptAt: T0 - 1e10 })];
      await put(...old);
      expect(idsOf(await store.findDue(everything))).toEqual(old.map(({ id }) => id));
      const { rows } = await store.findDue({ ...everything, fromMs: T0 - 1e10 });
      expect(rows).toHaveLength(1);
    });

    test('a row that was pushed back is not in it any more, at once', async () => {
      const { store, given } = await openBench(makeStore);
      const { fence, job } = await given(aJob());
      await store.write(fence, pushBack(job, T0 + 10));
      expect(idsOf(await store.findDue({ ...everything, throughMs: T0 + 9 }))).toEqual([]);
      expect(idsOf(await store.findDue({ ...everything, throughMs: T0 + 10 }))).toEqual([job.id]);
    });

    test.each([
      ['whose due time is a text', { nextAttemptAt: '2030-01-01' }],
      ['whose due time is a number', { nextAttemptAt: T0 }],
      ['whose slot is a text', { slot: '0' }],
      ['whose slot is half of one', { slot: 0.5 }],
    ])('a row %s is not found, and hides no other', async (_, data) => {
      const { store, put, write } = await openBench(makeStore);
      const [odd, good] = [aJob(), aJob()];
      await put(odd, good);
      await write([{ kind: 'merge', path: pathOf(odd), data }]);
      expect(idsOf(await store.findDue(everything))).toEqual([good.id]);
    });

    test('a slot that nobody writes to is empty', async () => {
      const { store, put } = await openBench(makeStore);
      await put(aJob());
      expect((await store.findDue({ ...everything, slots: [5, 1_003] })).rows).toEqual([]);
    });
  });
}
