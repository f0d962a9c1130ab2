import { expect, test } from '@jest/globals';
import { firstGeneration } from './generations.ts';
import type { StatusFacts } from './status.ts';
import { summarize } from './status.ts';

const facts: StatusFacts = {
  generations: firstGeneration('a'),
  pauses: [],
  unfinished: [],
  waiting: 0,
  failed: 0,
  newestDeadLetter: undefined,
  lastEvent: undefined,
  readAtMs: 0,
};
const asked = { id: 'p1', by: 'operator1', atMs: 0, reason: 'a look at it' };

test.each([
  ['its own', { jobType: 'totals', orgId: 'org1' }, 'paused'],
  ['its own, in all organizations', { jobType: 'totals' }, 'paused'],
  ['its organization’s', { orgId: 'org1' }, 'paused'],
  ['another organization’s', { jobType: 'totals', orgId: 'org2' }, 'live'],
  ['another read model’s', { jobType: 'ledger', orgId: 'org1' }, 'live'],
])('a pause that is %s holds it back, or does not', (_, target, status) => {
  const pauses = [{ ...asked, ...target }];
  expect(summarize({ id: 'totals', orgId: 'org1' }, { ...facts, pauses }).status).toBe(status);
});
