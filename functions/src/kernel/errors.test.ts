import { describe, expect, test } from '@jest/globals';
import { CodedError, messageOf, problemsOf } from './errors.ts';

describe('CodedError', () => {
  test('says every problem with its place', () => {
    const problems = [
      { path: 'payload.amountMinor', message: 'must be whole' },
      { path: '', message: 'too long' },
    ];
    const error = new CodedError('invalid-input', 'Cannot send', problems);
    expect(error.message).toBe('Cannot send: payload.amountMinor: must be whole; too long');
    expect(error).toMatchObject({ code: 'invalid-input', problems });
  });

  test('says 20 problems at most, and how many more there are', () => {
    const problems = Array.from({ length: 21 }, (_, n) => ({ path: `list.${n}`, message: 'no' }));
    const error = new CodedError('invalid-input', 'Cannot send', problems);
    expect(error.message).toContain('list.19: no; and 1 more');
    expect(error.problems).toEqual(problems.slice(0, 20));
    const twenty = new CodedError('invalid-input', 'Cannot send', error.problems);
    expect(twenty.message).toMatch(/list\.19: no$/);
  });

  test('keeps what caused it', () => {
    const cause = new Error('no');
    expect(new CodedError('contention', 'Try again.', [], { cause }).cause).toBe(cause);
  });

  test('without problems is its own words', () => {
    expect(new CodedError('not-found', 'No such invoice.').message).toBe('No such invoice.');
  });
});

test('problemsOf puts the prefix before every path', () => {
  const issues = [
    { path: ['items', 0, 'amount'], message: 'missing' },
    { path: [], message: 'not an object' },
  ];
  expect(problemsOf(issues, 'payload')).toEqual([
    { path: 'payload.items.0.amount', message: 'missing' },
    { path: 'payload', message: 'not an object' },
  ]);
  expect(problemsOf(issues)[1]?.path).toBe('');
});

test.each([
  [new Error('no'), 'no'],
  ['a text', 'a text'],
  [undefined, 'undefined'],
])('messageOf(%j) is %j', (thrown, message) => {
  expect(messageOf(thrown)).toBe(message);
});
