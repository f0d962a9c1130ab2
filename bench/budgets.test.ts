import { describe, expect, test } from '@jest/globals';
import type { Budget } from './budgets.ts';
import { describeVerdict, judge } from './budgets.ts';

function say(kind: Budget['kind'], limit: number, measured: number): string {
  return describeVerdict(judge({ name: 'some', kind, limit, measured }));
}

describe('a budget', () => {
  test.each([
    ['at most', 1.1, 1.1, 'met'],
    ['at most', 1.1, 0.2, 'met'],
    ['at most', 1.1, 1.32, 'not met: 20 % over'],
    ['at most', 1, 1.004, 'not met: 0.4 % over'],
    ['at least', 0.9, 0.9, 'met'],
    ['at least', 0.9, 1.4, 'met'],
    ['at least', 0.9, 0.72, 'not met: 20 % under'],
    ['exactly', 3, 3, 'met'],
    ['exactly', 3, 4, 'not met: over'],
    ['exactly', 2, 0, 'not met: under'],
  ] as const)('of %s %d where %d was measured: %s', (kind, limit, measured, expected) => {
    expect(say(kind, limit, measured)).toBe(expected);
  });

  test.each(['at most', 'at least', 'exactly'] as const)('of %s is not met by NaN', (kind) => {
    expect(say(kind, 1, Number.NaN)).toBe('not met');
  });

  test('says how much of it is left', () => {
    const budget = { name: 'some', kind: 'at most', limit: 2, measured: 1.5 } as const;
    expect(judge(budget).distance).toBe(0.25);
  });
});
