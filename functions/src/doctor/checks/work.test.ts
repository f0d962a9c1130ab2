import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import {
  judgeBacklog,
  judgeLines,
  judgeListeners,
  judgeOperations,
  judgePauses,
  judgeTick,
} from './work.ts';

const NOW_MS = Date.UTC(2030, 0, 8);
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const anOperation = { id: 'op1', kind: 'replay', updatedAt: new Date(0) };
const none = { pending: 0, processing: 0, failed: 0 };
const everyMinute = (afterMs: number): number => afterMs - (afterMs % 60_000) + 60_000;

function backlog(said: Partial<Parameters<typeof judgeBacklog>[0]>): string[] {
  const facts = { nowMs: NOW_MS, nextTickMs: everyMinute, oldestDue: undefined };
  const findings = judgeBacklog({ ...facts, counts: { total: none, others: none }, ...said });
  return findings.map(({ code, severity, where }) => `${severity} ${code}: ${where}`);
}

test.each<[string, Parameters<typeof backlog>[0], string[]]>([
  ['that is empty', {}, []],
  ['of jobs that are due', { oldestDue: { jobId: 'j', jobType: 't', dueAtMs: NOW_MS - 1 } }, []],
  [
    'that nobody works at',
    { oldestDue: { jobId: 'j', jobType: 't', dueAtMs: NOW_MS - 120_000 } },
    ['error jobs-late: j'],
  ],
  [
    'with dead letters',
    { counts: { total: { ...none, failed: 1 }, others: none } },
    ['warning dead-letters: outbox'],
  ],
  [
    'of types that no code is for',
    { counts: { total: none, others: { ...none, pending: 1 } } },
    ['error jobs-without-code: outbox'],
  ],
  ['in which such were given up', { counts: { total: none, others: { ...none, failed: 1 } } }, []],
])('a backlog %s', (_, said, expected) => {
  expect(backlog(said)).toEqual(expected);
});

test.each([
  ['a moment ago', NOW_MS - 1, []],
  ['two ticks ago', NOW_MS - 120_000, ['tick-missing']],
  ['never', undefined, ['tick-missing']],
])('a sweep that came to its end %s', (_, lastTickMs, codes) => {
  const findings = judgeTick({ lastTickMs, nowMs: NOW_MS, nextTickMs: everyMinute });
  expect(findings.map(({ code }) => code)).toEqual(codes);
});

test('alerts are heard where the platform has an admin', () => {
  const codesOf = (isHeard: boolean) => judgeListeners(isHeard).map(({ code }) => code);
  expect([codesOf(false), codesOf(true)]).toEqual([['alerts-unheard'], []]);
});

test('each blocked line is named, and that there are more', () => {
  const lines = ['a', 'b'].map((jobId) => ({ orderingKey: 'l', jobId, waiting: 3 }));
  const places = (truncated: boolean) => judgeLines({ lines, truncated }).map(({ where }) => where);
  expect([places(false), places(true)]).toEqual([
    ['a', 'b'],
    ['a', 'b', 'outbox'],
  ]);
});

test('a pause is old after a day', () => {
  const pause = { id: 'org:o', by: 'ops', reason: 'R' };
  const pauses = [DAY_MS, DAY_MS + 1].map((ageMs) => ({ ...pause, atMs: NOW_MS - ageMs }));
  expect(judgePauses({ pauses, nowMs: NOW_MS })).toEqual([
    expect.objectContaining({ code: 'pause-old', where: 'org:o' }),
  ]);
});

test('an operation that failed is told of for seven days', () => {
  const ended = [7 * DAY_MS, 7 * DAY_MS - 1].map((ageMs) => new Date(NOW_MS - ageMs));
  const failed = ended.map((endedAt, index) => ({ ...anOperation, id: `op${index}`, endedAt }));
  expect(judgeOperations({ failed, running: [], nowMs: NOW_MS })).toEqual([
    expect.objectContaining({ code: 'operation-failed', where: 'op1' }),
  ]);
});

test('an operation that runs and makes no step stands after two hours', () => {
  const written = [2 * HOUR_MS, 2 * HOUR_MS + 1].map((ageMs) => new Date(NOW_MS - ageMs));
  const running = written.map((updatedAt, index) => ({
    ...anOperation,
    id: `op${index}`,
    updatedAt,
  }));
  expect(judgeOperations({ failed: [], running, nowMs: NOW_MS })).toEqual([
    expect.objectContaining({ code: 'operation-stands', where: 'op1' }),
  ]);
});

test('what names a route names the command of the command line, too, as there is one', () => {
  const page = join(import.meta.dirname, '../../../../docs/reference/cli.md');
  const commands = [...readFileSync(page, 'utf8').matchAll(/^## `outbox ([a-z -]+)/gm)];
  const known = new Set(commands.map(([, name = '']) => name.trim()));
  const oldestDue = { jobId: 'j', jobType: 't', dueAtMs: 0 };
  const counts = { total: { ...none, failed: 1 }, others: { ...none, pending: 1 } };
  const line = { orderingKey: 'l', jobId: 'j', waiting: 3 };
  const hints = [
    ...judgeBacklog({ nowMs: NOW_MS, nextTickMs: everyMinute, oldestDue, counts }),
    ...judgeLines({ lines: [line], truncated: true }),
    ...judgePauses({ pauses: [{ id: 'org:o', by: 'ops', reason: 'R', atMs: 0 }], nowMs: NOW_MS }),
    ...judgeOperations({ failed: [anOperation], running: [anOperation], nowMs: NOW_MS }),
  ].map(({ whatToDo }) => whatToDo);
  const named = hints.map((hint) =>
    [...hint.matchAll(/outbox ((?:operations )?[a-z-]+)/g)].map(([, name = '']) => name),
  );
  expect(named.flat().filter((name) => !known.has(name))).toEqual([]);
  expect(hints.filter((_, at) => named[at]?.length === 0)).toEqual([]);
});
