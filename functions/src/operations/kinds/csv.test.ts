import { expect, test } from '@jest/globals';
import { csvRow } from './csv.ts';

test('a row is cells between commas, with the end that RFC 4180 asks for', () => {
  const at = new Date('2030-01-01T00:00:00Z');
  expect(csvRow(['a', 12_500, at, undefined, ''])).toBe('a,12500,2030-01-01T00:00:00.000Z,,\r\n');
});

test.each([
  ['a,b', '"a,b"'],
  ['say "no"', '"say ""no"""'],
  ['two\nlines', '"two\nlines"'],
  ['a\rb', '"a\rb"'],
  [' kept ', ' kept '],
])('%j is written as %j', (text, written) => {
  expect(csvRow([text])).toBe(`${written}\r\n`);
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx'])('%j is a text, and no formula', (text) => {
  expect(csvRow([text])).toBe(`'${text}\r\n`);
});

test('a formula with quotes is a text, too', () => {
  expect(csvRow(['=HYPERLINK("x","y")'])).toBe(`"'=HYPERLINK(""x"",""y"")"\r\n`);
});

test('a number below zero is a number', () => {
  expect(csvRow([-5])).toBe('-5\r\n');
});
