import { describe, expect, test } from '@jest/globals';
import { readSchedule } from './schedule.ts';

describe('a schedule', () => {
  test.each([
    ['*/2 * * * *', '2030-01-01T00:00:00Z', '2030-01-01T00:02:00Z'],
    ['*/2 * * * *', '2030-01-01T00:01:59.999Z', '2030-01-01T00:02:00Z'],
    ['0 3 * * *', '2030-01-01T04:00:00Z', '2030-01-02T03:00:00Z'],
    ['*/5 8-17 * * 1-5', '2030-01-04T17:56:00Z', '2030-01-07T08:00:00Z'],
  ])('%s after %s comes at %s', (pattern, after, next) => {
    expect(readSchedule(pattern)?.(Date.parse(after))).toBe(Date.parse(next));
  });

  test.each(['', 'every 2 minutes', '* * * *', '0 */2 * * * *', '99 * * * *', '0 0 30 2 *'])(
    'is not "%s"',
    (pattern) => {
      expect(readSchedule(pattern)).toBeUndefined();
    },
  );
});
