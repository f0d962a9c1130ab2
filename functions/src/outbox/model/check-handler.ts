import type { Problem } from '#kernel';
import type { JobHandler } from './handler.ts';
import { isBatch } from './handler.ts';

/** What a handler declares that no engine could keep to, each with its path. */
export function problemsInHandler(handler: JobHandler): Problem[] {
  const { jobType, policy, timeoutMs } = handler;
  const { initialMs, multiplier, maxMs, maxAttempts, jitter, maxAgeMs } = policy;
  const size = isBatch(handler) ? handler.maxBatchSize : 1;
  const said: readonly (readonly [path: string, isFine: boolean, expected: string])[] = [
    ['timeoutMs', timeoutMs === undefined || isPositive(timeoutMs), 'milliseconds, more than 0'],
    ['maxBatchSize', isCount(size), 'a whole number, 1 or more'],
    ['policy.initialMs', isPositive(initialMs), 'milliseconds, more than 0'],
    ['policy.multiplier', isPositive(multiplier) && multiplier >= 1, '1 or more'],
    ['policy.maxMs', isPositive(maxMs), 'milliseconds, more than 0'],
    ['policy.maxAttempts', isCount(maxAttempts), 'a whole number, 1 or more'],
    ['policy.jitter', jitter >= 0 && jitter <= 1, 'a share from 0 to 1'],
    ['policy.maxAgeMs', isPositive(maxAgeMs), 'milliseconds, more than 0'],
  ];
  return said
    .filter(([, isFine]) => !isFine)
    .map(([path, , expected]) => ({
      path: `${jobType}.${path}`,
      message: `expected ${expected}`,
    }));
}

/** At most a hundred years: more is no time that can be stored. */
function isPositive(value: number): boolean {
  return value > 0 && value <= 3_155_760_000_000;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}
