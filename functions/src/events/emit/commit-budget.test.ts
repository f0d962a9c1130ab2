import { describe, expect, test } from '@jest/globals';
import { codedErrorOf } from '../testing/failure.ts';
import { CommitBudget } from './commit-budget.ts';

const MIB = 1024 * 1024;

function spendOften(budget: CommitBudget, times: number): void {
  for (let n = 0; n < times; n += 1) budget.spend(`event${n}`, 1);
}

describe('one commit', () => {
  test('takes 100 events and refuses the 101st', async () => {
    const budget = CommitBudget.of({});
    spendOften(budget, 100);
    const error = await codedErrorOf(() => budget.spend('one more', 1));
    expect(error.code).toBe('payload-too-large');
    expect(error.message).toBe('One commit takes at most 100 events.');
  });

  test('takes 5 MiB and not a byte more, and says the size', async () => {
    const budget = CommitBudget.of({});
    budget.spend('large', 5 * MIB - 1);
    budget.spend('last', 1);
    const error = await codedErrorOf(() => budget.spend('one more', 1));
    expect(error.code).toBe('payload-too-large');
    expect(error.message).toContain(`${5 * MIB + 1} bytes, at most ${5 * MIB}`);
  });

  test('is as it was after a refusal', () => {
    const budget = CommitBudget.of({});
    expect(() => budget.spend('too large', 5 * MIB + 1)).toThrow('too large');
    expect(() => budget.spend('fits', 5 * MIB)).not.toThrow('too large');
  });

  test('counts an event that is planned again once', () => {
    const budget = CommitBudget.of({});
    spendOften(budget, 100);
    expect(() => spendOften(budget, 100)).not.toThrow('too large');
    const other = CommitBudget.of({});
    other.spend('large', 5 * MIB);
    expect(() => other.spend('large', 5 * MIB)).not.toThrow('too large');
  });
});

describe('a budget', () => {
  test('belongs to its commit', () => {
    const batch = {};
    expect(CommitBudget.of(batch)).toBe(CommitBudget.of(batch));
    expect(CommitBudget.of(batch)).not.toBe(CommitBudget.of({}));
  });

  test('is shared by all that write into the same commit', () => {
    const [transaction, writer] = [{}, {}];
    CommitBudget.share(transaction, writer);
    expect(CommitBudget.of(writer)).toBe(CommitBudget.of(transaction));
  });
});
