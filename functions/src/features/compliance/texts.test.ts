import { describe, expect, test } from '@jest/globals';
import { remark, word } from './texts.ts';

describe('a remark', () => {
  test.each([
    'asked on the phone',
    'form 12 of 2030-01-31',
    'order 12345678',
    'Straße 7, 10115 Berlin',
  ])('may be: %s', (text) => {
    expect(remark.parse(` ${text} `)).toBe(text);
  });

  test.each([
    '+49 30 901820',
    '4930901820',
    'asked on (202) 555-0100',
    'dial 0 30 / 90 18 20',
    '٤٩٣٠٩٠١٨٢',
  ])('with what may be a number is refused: %s', (text) => {
    expect(remark.safeParse(text).success).toBe(false);
  });
});

test.each([
  ['marketing', true],
  ['state_2', true],
  ['Marketing', false],
  ['__proto__', false],
  ['n4930901820', false],
])('the word %s may be: %p', (text, may) => {
  expect(word.safeParse(text).success).toBe(may);
});
