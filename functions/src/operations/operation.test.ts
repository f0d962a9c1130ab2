import { expect, test } from '@jest/globals';
import { Timestamp } from 'firebase-admin/firestore';
import { operationOf } from './operation.ts';
import { anOperation } from './testing/an-operation.ts';

const { id, ...stored } = anOperation();

test('an operation is read as it was stored, its times as dates', () => {
  const startedAt = Timestamp.fromDate(stored.startedAt);
  expect(operationOf(id, { ...stored, startedAt })).toEqual({ id, ...stored });
});

test.each([
  ['nothing', undefined],
  ['no state that there is', { ...stored, state: 'asleep' }],
  ['no step', { ...stored, step: 0 }],
  ['no time', { ...stored, startedAt: 'today' }],
  ['counts that are none', { ...stored, done: -1 }],
])('what has %s is none', (_, data) => {
  expect(operationOf(id, data)).toBeUndefined();
});

test('one of older code that was to go slower than a row a second goes at that', () => {
  expect(operationOf(id, { ...stored, rowsPerSecond: 0.1 })).toMatchObject({ rowsPerSecond: 1 });
});

test('one that was cancelled while a step was pausing it is cancelled', () => {
  const data = { ...stored, state: 'stopped', wanted: 'cancelled' };
  const { updatedAt: endedAt } = stored;
  expect(operationOf(id, data)).toMatchObject({ state: 'cancelled', endedAt });
});
