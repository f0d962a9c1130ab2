import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { startTicker } from './ticker.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('startTicker', () => {
  test('ticks once per period', async () => {
    const tick = jest.fn(() => Promise.resolve());
    const ticker = startTicker({ tick, everyMs: 1000, onError: fail });
    await jest.advanceTimersByTimeAsync(3500);
    expect(tick).toHaveBeenCalledTimes(3);
    await ticker.stop();
  });

  test('never starts a tick while one is running', async () => {
    const first = Promise.withResolvers<void>();
    const tick = jest.fn(() => first.promise);
    const ticker = startTicker({ tick, everyMs: 1000, onError: fail });
    await jest.advanceTimersByTimeAsync(10_000);
    expect(tick).toHaveBeenCalledTimes(1);
    first.resolve();
    await jest.advanceTimersByTimeAsync(0);
    expect(tick).toHaveBeenCalledTimes(2);
    await ticker.stop();
  });

  test('reports a failed tick and goes on', async () => {
    const errors: unknown[] = [];
    const tick = jest.fn(() => Promise.reject(new Error('no answer')));
    const ticker = startTicker({ tick, everyMs: 1000, onError: (error) => errors.push(error) });
    await jest.advanceTimersByTimeAsync(2000);
    expect(errors).toHaveLength(2);
    await ticker.stop();
  });

  test('stop waits for the running tick and starts no other', async () => {
    const first = Promise.withResolvers<void>();
    const tick = jest.fn(() => first.promise);
    const ticker = startTicker({ tick, everyMs: 1000, onError: fail });
    await jest.advanceTimersByTimeAsync(1000);
    const stopped = ticker.stop();
    first.resolve();
    await stopped;
    await jest.advanceTimersByTimeAsync(5000);
    expect(tick).toHaveBeenCalledTimes(1);
  });
});

function fail(error: unknown): void {
  throw error;
}
