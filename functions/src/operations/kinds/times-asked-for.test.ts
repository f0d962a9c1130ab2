import { describe, expect, test } from '@jest/globals';
import type { AnyOperationKind } from '../operation-kind.ts';
import { subscriptions } from '../testing/replayables.ts';
import { cancel } from './cancel.ts';
import { catchUp } from './catch-up.ts';
import { exportAccounting } from './export-accounting.ts';
import { exportEvents } from './export-events.ts';
import { redrive } from './redrive.ts';
import { replay } from './replay.ts';

/** Nothing is asked before the parameters are read. */
const nothing = {} as never;
const log = { archives: nothing, events: nothing, subscriptions };
const orgId = 'org1';
const kinds: readonly (readonly [AnyOperationKind, object])[] = [
  [exportEvents({ events: nothing, storage: nothing, show: nothing }), { orgId }],
  [exportAccounting({ storage: nothing, tables: [] }), { orgId }],
  [replay(log), { orgId, subscriptions: ['mirror'] }],
  [catchUp(log), { orgId, subscription: 'mirror' }],
  [redrive({ isOrdered: nothing, deadLetters: nothing, store: nothing }), {}],
  [cancel({ deadLetters: nothing, store: nothing }), {}],
];

describe.each(kinds.map(([kind, params]) => [kind.kind, kind, params] as const))(
  'the time of %s',
  (_, { params: schema }, params) => {
    const problemsOf = (from: string, to: string): unknown =>
      schema.safeParse({ ...params, from, to }).error?.issues.map(({ path }) => path.join('.'));

    test.each([
      ['2030-01-02T00:00:00Z', '2030-01-01T00:00:00Z'],
      ['2030-01-01T00:00:00Z', '2030-01-01T00:00:00Z'],
      // An hour later, though its text is less.
      ['2030-01-01T00:30:00-01:00', '2030-01-01T01:00:00Z'],
    ])('is none from %s to %s, and that is said of its end', (from, to) => {
      expect(problemsOf(from, to)).toEqual(['to']);
    });

    test('may be short, and what is no time is only said to be none', () => {
      expect(problemsOf('2030-01-01T00:00:00Z', '2030-01-01T00:00:00.001Z')).toBeUndefined();
      expect(problemsOf('yesterday', '2030-01-01T00:00:00Z')).toEqual(['from']);
    });
  },
);
