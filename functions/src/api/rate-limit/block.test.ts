import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { nextBlock } from './block.ts';

const MINUTE = 60_000;

describe('a block of calls', () => {
  test('is of 25, in a minute that nobody has called in', () => {
    const minute = { startedAtMs: 5 * MINUTE, taken: 25 };
    const first = { kind: 'calls', calls: 25, minute };
    expect(nextBlock(undefined, 5 * MINUTE + 7, 600)).toEqual(first);
    expect(nextBlock({ startedAtMs: 4 * MINUTE, taken: 600 }, 5 * MINUTE, 600)).toEqual(first);
  });

  test('is what is left of the minute, then there is none until its end', () => {
    const taken = { startedAtMs: 0, taken: 590 };
    expect(nextBlock(taken, 1, 600)).toMatchObject({ calls: 10, minute: { taken: 600 } });
    expect(nextBlock({ ...taken, taken: 600 }, 45_000, 600)).toEqual({
      kind: 'none',
      waitMs: 15_000,
    });
    expect(nextBlock({ ...taken, taken: 700 }, 59_999, 600)).toEqual({ kind: 'none', waitMs: 1 });
  });

  test('never gives out more than the minute has, however it is asked', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 200 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 100 }), (waits, perMinute) => {
        const given = new Map<number, number>();
        let stored: Parameters<typeof nextBlock>[0];
        let nowMs = 0;
        for (const waitMs of waits) {
          nowMs += waitMs;
          const block = nextBlock(stored, nowMs, perMinute);
          if (block.kind === 'none') continue;
          stored = block.minute;
          const minute = Math.floor(nowMs / MINUTE);
          given.set(minute, (given.get(minute) ?? 0) + block.calls);
        }
        expect(Math.max(0, ...given.values())).toBeLessThanOrEqual(perMinute);
      }),
    );
  });
});
