/** Numbers by the names that formulas have for them. */
export type Values = ReadonlyMap<string, number>;

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z]+)|([()+−×÷,]))/y;

const FUNCTIONS: ReadonlyMap<string, (...numbers: readonly number[]) => number> = new Map([
  ['max', (...numbers: readonly number[]) => Math.max(...numbers)],
  ['min', (...numbers: readonly number[]) => Math.min(...numbers)],
  ['roundUp', (number = Number.NaN) => Math.ceil(number)],
  ['log', (number = Number.NaN) => Math.log(number)],
]);

/**
 * What a formula comes to: `events × (1 + subscriptions)`. So what a plan shows is what it computes.
 * Throws for what is no formula, and for a name that there is not.
 */
export function evaluate(formula: string, values: Values): number {
  const tokens = tokensOf(formula);
  let next = 0;
  const take = (...expected: readonly string[]): string | undefined =>
    expected.includes(tokens[next] ?? '') ? tokens[next++] : undefined;
  const need = (expected: string): void => {
    if (take(expected) === undefined) throw new Error(`No formula: ${formula}: no ${expected}`);
  };
  function sum(): number {
    let total = product();
    for (let sign = take('+', '−'); sign !== undefined; sign = take('+', '−')) {
      total += sign === '+' ? product() : -product();
    }
    return total;
  }
  function product(): number {
    let total = part();
    for (let sign = take('×', '÷'); sign !== undefined; sign = take('×', '÷')) {
      total = sign === '×' ? total * part() : total / part();
    }
    return total;
  }
  function part(): number {
    if (take('(') !== undefined) return inBrackets()[0] ?? Number.NaN;
    const token = tokens[next++] ?? '';
    if (/^\d/.test(token)) return Number(token);
    const apply = FUNCTIONS.get(token);
    if (apply !== undefined) {
      need('(');
      return apply(...inBrackets());
    }
    const value = values.get(token);
    if (value === undefined) throw new Error(`No formula: ${formula}: what is "${token}"?`);
    return value;
  }
  function inBrackets(): number[] {
    const numbers = [sum()];
    while (take(',') !== undefined) numbers.push(sum());
    need(')');
    return numbers;
  }
  const result = sum();
  if (next < tokens.length) throw new Error(`No formula: ${formula}: it goes on`);
  return result;
}

/** The names in a formula, without those of functions. */
export function namesIn(formula: string): string[] {
  return tokensOf(formula).filter((token) => /^[A-Za-z]/.test(token) && !FUNCTIONS.has(token));
}

/** A limit's load is found by computing the same formulas some thousand times. */
const known = new Map<string, readonly string[]>();

function tokensOf(formula: string): readonly string[] {
  const found = known.get(formula) ?? split(formula);
  known.set(formula, found);
  return found;
}

function split(formula: string): readonly string[] {
  const tokens: string[] = [];
  const pattern = new RegExp(TOKEN);
  while (pattern.lastIndex < formula.length) {
    const found = pattern.exec(formula);
    if (found === null) throw new Error(`No formula: ${formula}`);
    tokens.push(found[0].trim());
  }
  return tokens;
}
