import { expect, test } from '@jest/globals';
import { runMany } from './run-many.ts';

test('every item is worked on once, and no more at a time than asked for', async () => {
  const done: number[] = [];
  let running = 0;
  let most = 0;
  await runMany([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    most = Math.max(most, (running += 1));
    await Promise.resolve();
    running -= 1;
    done.push(item);
  });
  expect(done).toHaveLength(7);
  expect(new Set(done)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7]));
  expect(most).toBe(3);
});

test('what fails, fails the whole', async () => {
  const work = async (item: number) => {
    if (item === 2) throw new Error('no');
  };
  await expect(runMany([1, 2, 3], 2, work)).rejects.toThrow('no');
});
