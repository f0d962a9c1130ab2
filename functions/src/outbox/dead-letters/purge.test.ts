import { describe, expect, test } from '@jest/globals';
import { fenceOf } from '../firestore/row.ts';
import { createRow } from '../record/record-job.ts';
import { aJob } from '../testing/factories.ts';
import { planPurge } from './purge.ts';

const NOW = Date.UTC(2030, 5, 1);
const DAY = 86_400_000;
const fence = fenceOf(undefined as never);
const at = (days: number): Date => new Date(NOW - days * DAY);

function plan(data: Readonly<Record<string, unknown>>): string {
  const job = aJob({ nextAttemptAt: undefined, failure: { reason: 'permanent', at: NOW } });
  const row = createRow(job);
  if (row.kind !== 'create') throw new Error('A row is created.');
  const stored = { ...row.data, updatedAt: at(91), ...data };
  return planPurge({ id: job.id, fence, data: stored }, { nowMs: NOW, keepDays: 90 }).kind;
}

describe('a closed row', () => {
  test.each(['failed', 'cancelled'])(
    'that is %s goes when nobody wrote it for so long',
    (status) => {
      expect(plan({ status })).toBe('planned');
      expect(plan({ status, updatedAt: { toMillis: () => NOW - 90 * DAY } })).toBe('planned');
      expect(plan({ status, updatedAt: at(89.9) })).toBe('too-young');
    },
  );

  test('that is no job stays until repair has parked it', () => {
    expect(plan({ status: 'cancelled', attempts: 'many' })).toBe('not-closed');
    expect(plan({ status: 'failed', attempts: 'many' })).toBe('planned');
  });

  test('stays where nobody knows how old it is', () => {
    expect(plan({ status: 'failed', updatedAt: undefined })).toBe('too-young');
    expect(plan({ status: 'failed', updatedAt: 'yesterday' })).toBe('too-young');
  });

  test('stays while it stands in a line: those behind it would wait for nobody', () => {
    expect(plan({ status: 'failed', orderingKey: 'mail:1', blocking: true })).toBe('in-a-line');
    expect(plan({ status: 'cancelled', orderingKey: 'mail:1', sequence: 1 })).toBe('in-a-line');
  });

  test.each(['pending', 'processing', 'sent', 'odd', undefined])(
    'is none that is %s, however old',
    (status) => {
      expect(plan({ status })).toBe('not-closed');
    },
  );
});
