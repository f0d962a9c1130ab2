import { expect, test } from '@jest/globals';
import type { ProblemCode } from '../../problem.ts';
import { statusOf } from '../../problem.ts';
import type { Refused } from './refusals.ts';
import { refusalOf } from './refusals.ts';

test.each<[Refused, ProblemCode, RegExp]>([
  [{ kind: 'not-found' }, 'not-found', /no such job/],
  [{ kind: 'malformed', problem: 'slot: expected number' }, 'job-malformed', /slot: expected/],
  [{ kind: 'still-open', status: 'pending' }, 'job-not-closed', /It is pending/],
  [{ kind: 'still-open', status: 'sent' }, 'job-not-closed', /It is sent/],
  [{ kind: 'gave-up-its-place' }, 'gave-up-its-place', /"regainPlace": true/],
  [{ kind: 'line-is-busy' }, 'line-is-busy', /Try again when/],
  [{ kind: 'changed' }, 'contention', /decide again/],
  [{ kind: 'event-missing' }, 'event-missing', /Cancel it/],
  [{ kind: 'not-cancellable', status: 'processing' }, 'job-not-cancellable', /wait until its run/],
  [{ kind: 'not-cancellable', status: 'sent' }, 'job-not-cancellable', /nothing to be done/],
  [{ kind: 'is-a-step', operationId: 'o1' }, 'job-not-cancellable', /operations\/o1\/cancel/],
])('%j is %s, in words that say what to do', (refused, code, words) => {
  const refusal = refusalOf(refused);
  expect(refusal).toMatchObject({ code, message: expect.stringMatching(words) });
  expect(statusOf(code)).toBe(code === 'not-found' ? 404 : 409);
});
