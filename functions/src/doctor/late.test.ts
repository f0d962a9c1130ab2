import { expect, test } from '@jest/globals';
import { isLate } from './late.ts';

/** Every 100 ms. */
const nextTickMs = (afterMs: number): number => afterMs - (afterMs % 100) + 100;

test.each([
  ['that was due just now', 250, 251, false],
  ['that one tick may have passed over', 250, 399, false],
  ['that two ticks have left', 250, 400, true],
  ['that was due as a tick began', 300, 499, false],
])('a job %s: %i at %i is late: %p', (_, dueAtMs, nowMs, expected) => {
  expect(isLate(dueAtMs, nowMs, nextTickMs)).toBe(expected);
});
