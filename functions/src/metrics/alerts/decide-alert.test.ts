import { expect, test } from '@jest/globals';
import type { AlertName, Measured } from './decide-alert.ts';
import { decideAlerts } from './decide-alert.ts';

const THRESHOLDS = { dead_letters: 10, pending: 10_000, oldest_due: 600_000, latency_p95: 2_000 };
const QUIET = { dead_letters: 0, pending: 0, oldest_due: 0, latency_p95: 0 };

const decide = (raised: readonly AlertName[], values: Partial<Measured>) =>
  decideAlerts(new Set(raised), { ...QUIET, ...values }, THRESHOLDS);

test.each([
  ['at its threshold is not raised', [], 10, undefined],
  ['over it is raised', [], 11, 'raised'],
  ['that is raised stays so', ['dead_letters'], 11, undefined],
  ['that is raised is not resolved at the edge', ['dead_letters'], 9, undefined],
  ['that is raised is resolved well under it', ['dead_letters'], 8, 'resolved'],
  ['that is not raised is not resolved', [], 0, undefined],
] as const)('an alert %s', (_, raised, value, kind) => {
  const expected =
    kind === undefined ? [] : [{ alert: 'dead_letters', kind, value, threshold: 10 }];
  expect(decide(raised, { dead_letters: value })).toEqual(expected);
});

test.each<[string, readonly AlertName[]]>([
  ['raised', ['latency_p95']],
  ['not raised', []],
])('an alert that is %s stays so where there was too little to measure', (_, raised) => {
  expect(decide(raised, { latency_p95: undefined })).toEqual([]);
});

test('each alert is decided by itself', () => {
  const changes = decide(['pending'], { latency_p95: 2_500, oldest_due: 600_001 });
  expect(changes.map(({ alert, kind }) => `${alert} ${kind}`)).toEqual([
    'pending resolved',
    'oldest_due raised',
    'latency_p95 raised',
  ]);
});
