import { describe, expect, test } from '@jest/globals';
import { systemClock } from './system.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { ServerTime } from './time.ts';

describe('ServerTime', () => {
  test('is the read time, carried forward by what passed since', () => {
    const clock = new ManualClock();
    clock.advance(5_000);
    const time = new ServerTime(clock, 1_000_000);
    expect(time.nowMs()).toBe(1_000_000);
    clock.advance(250);
    expect(time.nowMs()).toBe(1_000_250);
  });

  test('never runs ahead: parts of a millisecond are dropped', () => {
    const clock = new ManualClock();
    const time = new ServerTime(clock, 1_000_000);
    clock.advance(1.9);
    expect(time.nowMs()).toBe(1_000_001);
  });
});

describe('systemClock.wait', () => {
  test('ends when its time is over', async () => {
    const before = systemClock.elapsedMs();
    await systemClock.wait(5);
    expect(systemClock.elapsedMs() - before).toBeGreaterThanOrEqual(4);
  });

  test('ends at once when the signal aborts, and when it has already', async () => {
    const abort = new AbortController();
    const wait = systemClock.wait(3_600_000, abort.signal);
    abort.abort();
    await wait;
    await expect(systemClock.wait(3_600_000, abort.signal)).resolves.toBeUndefined();
  });
});
