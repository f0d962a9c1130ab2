import { expect, test } from '@jest/globals';
import { RecentlyUsed } from './recently-used.ts';

test('what was not asked for longest is forgotten first', () => {
  const values = new RecentlyUsed<number>(2);
  values.set('a', 1);
  values.set('b', 2);
  expect(values.get('a')).toBe(1);
  values.set('c', 3);
  expect(['a', 'b', 'c'].map((name) => values.get(name))).toEqual([1, undefined, 3]);
  values.delete('a');
  expect(values.get('a')).toBeUndefined();
});
