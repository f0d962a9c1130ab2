import { describe, expect, test } from '@jest/globals';
import type { Comparison } from './results.ts';
import type { Measured } from './verdicts.ts';
import { judgeAll } from './verdicts.ts';

function compared(name: string, rawMs: number, oursMs: number, dueJobs = 1_000): Comparison {
  const msForOne = { raw: [rawMs], ours: [oursMs] };
  const nothing = { cpuMsForOne: undefined, queryMsForOne: undefined, billedForOne: undefined };
  return { name, count: 1_000, dueJobs, msForOne, ...nothing };
}

function billed(reads: number, writes: number) {
  return { reads, writes, deletes: 0 };
}

/** A run that meets every budget, at its very limit. */
function atTheLimits(): Measured {
  const smallest = compared('drain 1,000, 1 worker', 0.9, 1);
  return {
    operations: {
      emit: billed(0, 2),
      idleTick: billed(3, 0),
      sweptJob: billed(1, 2),
      fastPath: billed(2, 4),
    },
    emitAlone: compared('emit alone', 1, 1.1),
    emitCpuMs: { raw: [0.1], ours: [1] },
    drains: [smallest],
    smallest,
    largest: compared('drain 100,000, 1 worker', 0.9, 1.1, 100_000),
    imports: compared('import of index.ts', 100, 130),
  };
}

function missed(measured: Measured): string[] {
  return judgeAll(measured)
    .filter(({ isMet }) => !isMet)
    .map(({ name }) => name);
}

describe('the budgets', () => {
  test('are met at their limits', () => {
    expect(missed(atTheLimits())).toEqual([]);
    expect(judgeAll(atTheLimits())).toHaveLength(13);
  });

  test.each<[string, (limits: Measured) => Partial<Measured>]>([
    ['emit ÷ raw two-document batch', () => ({ emitAlone: compared('emit alone', 1, 1.11) })],
    ['emit: CPU of its own, p95', () => ({ emitCpuMs: { raw: [0.1], ours: [1.01] } })],
    [
      'drain 1,000, 2 workers: jobs/s ÷ raw',
      ({ smallest }) => ({ drains: [smallest, compared('drain 1,000, 2 workers', 0.89, 1)] }),
    ],
    [
      'a job of 100,000 due ÷ of 1,000, without queries',
      () => ({ largest: compared('drain 100,000, 1 worker', 0.9, 1.11, 100_000) }),
    ],
    ['import of index.ts ÷ the two SDKs', () => ({ imports: compared('import', 100, 131) })],
  ])('%s is missed beyond its limit, and no other', (name, change) => {
    const limits = atTheLimits();
    expect(missed({ ...limits, ...change(limits) })).toEqual([name]);
  });

  test.each([
    ['emit', billed(1, 2), 'emit, one subscription: reads'],
    ['emit', billed(0, 3), 'emit, one subscription: writes'],
    ['fastPath', billed(3, 4), 'fast path, one recipient: reads'],
    ['fastPath', billed(2, 5), 'fast path, one recipient: writes'],
    ['sweptJob', billed(1.01, 2), 'swept external job: reads'],
    ['sweptJob', billed(1, 1.99), 'swept external job: writes'],
    ['idleTick', billed(4, 0), 'idle tick: reads'],
    ['idleTick', billed(3, 1), 'idle tick: writes'],
  ])('of operations are exact: %s %o', (path, count, name) => {
    const limits = atTheLimits();
    const operations = { ...limits.operations, [path]: count };
    expect(missed({ ...limits, operations })).toEqual([name]);
  });

  test('of a growing backlog leave the emulator’s queries out, and say so', () => {
    const limits = atTheLimits();
    const slow = compared('drain 100,000, 1 worker', 4.9, 5, 100_000);
    const largest = { ...slow, queryMsForOne: { raw: 4, ours: 4 } };
    const verdicts = judgeAll({ ...limits, largest });
    const growth = verdicts.find(({ name }) => name.startsWith('a job of'));
    expect(growth).toMatchObject({ isMet: true, measured: 1 });
    expect(growth?.note).toBe('the raw calls: 1.00; with queries: 5.00');
  });
});
