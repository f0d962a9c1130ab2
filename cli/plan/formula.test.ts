import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { evaluate, namesIn } from './formula.ts';

const values = new Map([
  ['a', 3],
  ['b', 0.5],
]);

test.each([
  ['a + 2 × b', 4],
  ['a − 1 − 1', 1],
  ['12 ÷ a ÷ 2', 2],
  ['(a + 1) × 2', 8],
  ['max(a, b, 7)', 7],
  ['min(a, roundUp(b × 3))', 2],
  ['log(1) + 1.5', 1.5],
])('%s is %f', (formula, expected) => {
  expect(evaluate(formula, values)).toBe(expected);
});

test.each(['', 'a +', '(a', 'a b', 'max(a', 'max a', 'c', 'a * b', ')', 'a,', 'constructor(a)'])(
  '"%s" is no formula',
  (formula) => {
    expect(() => evaluate(formula, values)).toThrow(/No formula/);
  },
);

test('it computes as JavaScript does', () => {
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom('a', 'b', '2', '0.25'),
      fc
        .tuple(tie('tree'), fc.constantFrom('+', '−', '×', '÷'), tie('tree'))
        .map(([left, sign, right]) => `(${left}) ${sign} ${right}`),
      fc.tuple(tie('tree'), tie('tree')).map(([one, two]) => `max(${one}, ${two})`),
    ),
  }));
  fc.assert(
    fc.property(tree, (formula) => {
      const script = formula
        .replaceAll('−', '-')
        .replaceAll('×', '*')
        .replaceAll('÷', '/')
        .replaceAll('max', 'Math.max');
      expect(evaluate(formula, values)).toBe(runInNewContext(script, { a: 3, b: 0.5 }));
    }),
  );
});

test('the names in a formula are those of numbers', () => {
  expect(namesIn('max(a, 3) × bC ÷ a')).toEqual(['a', 'bC', 'a']);
});
