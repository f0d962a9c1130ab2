import { describe, expect, test } from '@jest/globals';
import { isVisible } from './sight.ts';

describe('an event', () => {
  test.each([
    ['of one’s matter', 'm1', new Set(['m1', 'm2']), true],
    ['of another matter', 'm3', new Set(['m1']), false],
    ['of a matter, to who has none', 'm1', new Set<string>(), false],
    ['of no matter', undefined, new Set(['m1', 'undefined', '']), false],
    ['of no matter, to who sees everything', undefined, 'all' as const, true],
    ['of any matter, to who sees everything', 'm3', 'all' as const, true],
  ])('%s', (_, matterId, sight, visible) => {
    expect(isVisible({ matterId }, sight)).toBe(visible);
  });
});
