import { expect, test } from '@jest/globals';
import { limit, wholeNumber } from './fields.ts';

test.each([
  ['1', 1],
  ['050', 50],
  ['200', 200],
  [undefined, 50],
])('a limit of %j is %i', (said, read) => {
  expect(limit.parse(said)).toBe(read);
});

test.each([
  '',
  ' 5',
  '5 ',
  '0x10',
  '1e2',
  '5.0',
  '+5',
  '-5',
  '٥',
  '0',
  '201',
  'Infinity',
  '9'.repeat(400),
])('a limit of %j is none', (said) => {
  expect(limit.safeParse(said).success).toBe(false);
});

test('a number that may be left out is left out', () => {
  expect(wholeNumber(1, 9).optional().parse(undefined)).toBeUndefined();
});
