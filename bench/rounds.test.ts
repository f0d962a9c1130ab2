import { describe, expect, test } from '@jest/globals';
import { alternate } from './rounds.ts';

function noting(): { order: string[]; sides: Parameters<typeof alternate<number>>[0] } {
  const order: string[] = [];
  const side = (name: string) => async () => order.push(name);
  return { order, sides: { raw: side('raw'), ours: side('ours') } };
}

describe('rounds', () => {
  test('run both sides in turn, and who begins changes', async () => {
    const { order, sides } = noting();
    await alternate(sides, 3);
    expect(order).toEqual(['raw', 'ours', 'ours', 'raw', 'raw', 'ours']);
  });

  test('keep what each side answered, by round', async () => {
    const { sides } = noting();
    expect(await alternate(sides, 2)).toEqual({ raw: [1, 4], ours: [2, 3] });
  });

  test('never run both sides at once', async () => {
    let running = 0;
    let most = 0;
    const side = async () => {
      most = Math.max(most, (running += 1));
      await Promise.resolve();
      running -= 1;
    };
    await alternate({ raw: side, ours: side }, 4);
    expect([most, running]).toEqual([1, 0]);
  });
});
