import { expect, test } from '@jest/globals';
import { anOperation } from '../../../operations/testing/an-operation.ts';
import { showOperation } from './operation-documents.ts';

const begun = anOperation({ seen: 300, estimate: 1_000 });
const later = (ms: number): Date => new Date(begun.startedAt.getTime() + ms);

test.each([
  ['that has done nothing', { seen: 0, updatedAt: begun.startedAt }, undefined, 1_000],
  ['at work', { updatedAt: later(2_000) }, 150, 700],
  ['of more rows than were counted', { seen: 1_200, updatedAt: later(10_000) }, 120, 0],
  ['at its end', { updatedAt: later(9_999), endedAt: later(4_000) }, 75, undefined],
  ['of nobody knows how many', { estimate: undefined, updatedAt: later(600) }, 500, undefined],
])('an operation %s has its rate and what is left', (_, said, ratePerSecond, left) => {
  expect(showOperation({ ...begun, ...said })).toMatchObject({ ratePerSecond, left });
});

test('where it is in its rows is nobody’s business', () => {
  const shown = showOperation(anOperation({ cursor: 'c1' }));
  expect(shown).not.toHaveProperty('cursor');
  expect(shown).not.toHaveProperty('step');
});
