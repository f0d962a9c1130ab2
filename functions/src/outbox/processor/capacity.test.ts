import { describe, expect, test } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { Capacity } from './capacity.ts';

describe('capacity', () => {
  test('hands out what is free and no more', () => {
    const capacity = new Capacity(3);
    expect([capacity.takeUpTo(2), capacity.takeUpTo(2), capacity.takeUpTo(2)]).toEqual([2, 1, 0]);
    capacity.giveBack();
    expect(capacity.takeUpTo(9)).toBe(1);
    expect(capacity.takeUpTo(0)).toBe(0);
  });

  test('lets the next wait, first come, first served', async () => {
    const capacity = new Capacity(1);
    await capacity.take();
    const order: string[] = [];
    const first = capacity.take().then(() => order.push('first'));
    const second = capacity.take().then(() => order.push('second'));
    await turn();
    expect(order).toEqual([]);
    capacity.giveBack();
    await first;
    expect(order).toEqual(['first']);
    capacity.giveBack();
    await second;
    expect(order).toEqual(['first', 'second']);
  });

  test('gives a place back to who waits before it is free for children', async () => {
    const capacity = new Capacity(1);
    await capacity.take();
    const waiting = capacity.take();
    capacity.giveBack();
    expect(capacity.takeUpTo(1)).toBe(0);
    await waiting;
    capacity.giveBack();
    expect(capacity.takeUpTo(1)).toBe(1);
  });

  test('never runs more at a time than its size', async () => {
    const capacity = new Capacity(4);
    let running = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      await capacity.take();
      running += 1;
      most = Math.max(most, running);
      await turn();
      running -= 1;
      capacity.giveBack();
    };
    await Promise.all(Array.from({ length: 50 }, work));
    expect([most, running, capacity.takeUpTo(9)]).toEqual([4, 0, 4]);
  });
});
