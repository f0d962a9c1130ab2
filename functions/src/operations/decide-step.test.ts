import { describe, expect, test } from '@jest/globals';
import type { Finding } from '#events';
import { SERVER_TIME } from '#kernel';
import { afterState, afterStep, decideStep, leastMs } from './decide-step.ts';
import type { Operation } from './operation.ts';
import { operationTerms } from './operations.ts';
import { aChild } from '../outbox/testing/factories.ts';
import { anOperation } from './testing/an-operation.ts';

const aFinding: Finding = {
  kind: 'content-hash',
  eventId: 'e1',
  expected: 'a',
  found: 'b',
  whatToDo: 'Restore it.',
};

describe('a step that is due', () => {
  test.each<[string, Partial<Operation> | undefined, object]>([
    ['of no operation does nothing', undefined, { kind: 'nothing' }],
    ['that was made before does nothing', { step: 2 }, { kind: 'nothing' }],
    ['of one that is over does nothing', { state: 'cancelled' }, { kind: 'nothing' }],
    ['of one that is paused does nothing', { state: 'paused' }, { kind: 'nothing' }],
    ['stops where it is to pause', { wanted: 'paused' }, { kind: 'stop' }],
    ['stops where it is to end', { wanted: 'cancelled' }, { kind: 'stop' }],
    [
      'has failed at its ceiling if there is a row more',
      { seen: 9, maxRows: 9 },
      { kind: 'go', limit: 1, atCeiling: { code: 'ceiling-reached' } },
    ],
    [
      'has failed where it has cost what it may',
      { reads: 5, writes: 4, maxOperations: 9 },
      { kind: 'fail', code: 'ceiling-reached' },
    ],
    ['goes on below that', { reads: 5, writes: 4, maxOperations: 10 }, { kind: 'go' }],
    ['looks at what a second takes', { rowsPerSecond: 50.5 }, { kind: 'go', limit: 50 }],
    ['looks at one row, however slowly', { rowsPerSecond: 1 }, { kind: 'go', limit: 1 }],
    ['looks at what a commit takes', { rowsPerSecond: 1_000 }, { kind: 'go', limit: 200 }],
    ['looks at what it may still see', { seen: 7, maxRows: 9 }, { kind: 'go', limit: 2 }],
  ])('%s', (_, said, decision) => {
    const operation = said === undefined ? undefined : anOperation(said);
    expect(decideStep(operation, 1)).toMatchObject(decision);
  });

  test('stops rather than fails where both are so', () => {
    const operation = anOperation({ wanted: 'paused', seen: 9, maxRows: 9 });
    expect(decideStep(operation, 1)).toEqual({ kind: 'stop' });
  });
});

test.each([
  [100, 200, 500],
  [1, 1, 1_000],
  [0, 200, 0],
])('%i rows at %d a second last %i ms', (seen, rowsPerSecond, ms) => {
  expect(leastMs(anOperation({ rowsPerSecond }), { seen })).toBe(ms);
});

test('jobs that are made for a row count for the rate, and no step waits more than a second', () => {
  const jobs = Array.from({ length: 100 }, () => aChild());
  const ms = (rowsPerSecond: number) => leastMs(anOperation({ rowsPerSecond }), { seen: 10, jobs });
  expect([ms(200), ms(5)]).toEqual([500, 1_000]);
});

test('at any rate that may be asked for, a step lasts a second at most', () => {
  const asked = [0.1, 0.99, 1, 1.99, 2.5, 199.9, 200, 1_000];
  const lasting = asked
    .map((rate) => operationTerms.rowsPerSecond.safeParse(rate).data)
    .filter((rate) => rate !== undefined)
    .map((rowsPerSecond) => {
      const decision = decideStep(anOperation({ rowsPerSecond }), 1);
      const seen = decision.kind === 'go' ? decision.limit : 0;
      return {
        rows: seen >= 1,
        inTime: leastMs(anOperation({ rowsPerSecond }), { seen }) <= 1_000,
      };
    });
  expect(lasting).toEqual(Array.from({ length: 6 }, () => ({ rows: true, inTime: true })));
});

describe('after a step', () => {
  const before = anOperation({ step: 4, seen: 10, done: 7, skipped: { busy: 3 }, reads: 20 });

  test('what it did is added to what was done, and where it ended is kept', () => {
    const result = { seen: 5, done: 2, skipped: { busy: 1, gone: 2 }, reads: 6, cursor: 'c5' };
    expect(afterStep(before, result, 9)).toEqual({
      seen: 15,
      done: 9,
      skipped: { busy: 4, gone: 2 },
      reads: 27,
      writes: 12,
      step: 5,
      cursor: 'c5',
      state: 'running',
      updatedAt: SERVER_TIME,
    });
  });

  test('the first hundred findings are kept, and all of them are counted', () => {
    const gap = { ...aFinding, kind: 'version-gap' } as const;
    const hashes = Array.from({ length: 98 }, () => aFinding);
    const found = { 'content-hash': 1, schema: 2 };
    const operation = anOperation({ findings: [aFinding], found });
    const findings = [...hashes, gap, gap, gap];
    const result = { seen: 5, done: 0, reads: 5, cursor: 'c5', findings };
    expect(afterStep(operation, result, 0)).toMatchObject({
      findings: [aFinding, ...hashes, gap],
      found: { 'content-hash': 99, schema: 2, 'version-gap': 3 },
    });
  });

  test('that came to the end it is done', () => {
    const result = { seen: 0, done: 0, reads: 1, cursor: undefined };
    expect(afterStep(before, result, 0)).toMatchObject({
      state: 'done',
      endedAt: SERVER_TIME,
      skipped: { busy: 3 },
    });
  });
});

test('only what is over has an end', () => {
  expect(afterState('stopped')).not.toHaveProperty('endedAt');
  const lastError = { code: 'poison', message: 'It never ended.' };
  expect(afterState('failed', lastError)).toMatchObject({ endedAt: SERVER_TIME, lastError });
});
