import { describe, expect, test } from '@jest/globals';
import { matches } from './pattern.ts';

describe('a pattern', () => {
  test.each([
    ['*', 'invoice.sent'],
    ['*', 'a'],
    ['invoice.sent', 'invoice.sent'],
    ['invoice.*', 'invoice.sent'],
    ['invoice.*', 'invoice.line.added'],
    ['invoice.line.*', 'invoice.line.added'],
  ])('%s names %s', (pattern, type) => {
    expect(matches(pattern, type)).toBe(true);
  });

  test.each([
    ['invoice.sent', 'invoice.sent_again'],
    ['invoice.sent', 'invoice'],
    ['invoice', 'invoice.sent'],
    ['invoice.*', 'invoice'],
    ['invoice.*', 'invoices.sent'],
    ['invoice.*', 'price.invoice.sent'],
    ['invoice.line.*', 'invoice.sent'],
  ])('%s does not name %s', (pattern, type) => {
    expect(matches(pattern, type)).toBe(false);
  });
});

test.each([
  ['invoice.sent', true],
  ['note.added', true],
  ['note', false],
  ['payment.received', false],
])('several patterns name what one of them does: %s %p', (type, isNamed) => {
  expect(matches(['invoice.*', 'note.*'], type)).toBe(isNamed);
});
