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

  test('cuts what it says of a problem, and never through a character', () => {
    const long = `${'x'.repeat(198)}😀.`;
    const [problem] = new CodedError('invalid-input', 'No', [{ path: long, message: long }])
      .problems;
    const said = `${'x'.repeat(198)}…`;
    expect(problem).toEqual({ path: said, message: said });
    const whole = { path: 'x'.repeat(200), message: 'x'.repeat(200) };
    expect(new CodedError('invalid-input', 'No', [whole]).problems).toEqual([whole]);
    const half = { path: '\uD800', message: '\uD800' };
    const broken = new CodedError('invalid-input', 'No', [half]);
    expect(broken.problems).toEqual([{ path: '\uFFFD', message: '\uFFFD' }]);
  });

  test('stays small, whatever a caller sent', () => {
    const problems = Array.from({ length: 100 }, () => ({
      path: 'x'.repeat(1_000_000),
      message: 'x'.repeat(1_000_000),
    }));
    const error = new CodedError('invalid-input', 'Cannot send', problems);
    expect(error.message.length).toBeLessThan(10_000);
    expect(JSON.stringify(error.problems).length).toBeLessThan(10_000);
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

test('problemsOf cuts fields nobody asked for, one by one', () => {
  const issues = [{ path: ['a'.repeat(9_000), 'b'], message: 'no', keys: ['c'.repeat(9_000)] }];
  const [problem] = problemsOf(issues, 'payload');
  expect(problem?.path).toHaveLength(200);
  expect(problem?.path).toMatch(/^payload\.a+…$/);
});

const unspeakable = Object.assign(new Error('no'), { message: Object.create(null) as string });

test.each([
  [new Error('no'), 'no'],
  ['a text', 'a text'],
  [undefined, 'undefined'],
  [Symbol('s'), 'Symbol(s)'],
  [Object.create(null), 'something without a text was thrown'],
  [unspeakable, 'something without a text was thrown'],
])('messageOf(%j) is %j', (thrown, message) => {
  expect(messageOf(thrown)).toBe(message);
});
