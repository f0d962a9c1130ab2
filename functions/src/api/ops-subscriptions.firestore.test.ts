import { beforeEach, expect, test } from '@jest/globals';
import { pauseJobs, resumeJobs } from '#outbox';
import { backend, firestore } from '../composition/testing/backend.ts';
import { aWorld } from '../composition/testing/world.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { openApi } from './testing/api.ts';
import type { OpsAnswer } from './testing/ops-answers.ts';
import { asOperator } from './testing/ops-answers.ts';

const ASKING = { by: 'ops', reason: 'Full.' };

let ask: () => Promise<OpsAnswer>;

beforeEach(async () => {
  await clearFirestore(firestore);
  const askOps = asOperator(await openApi(await aWorld()));
  ask = () => askOps('GET', 'subscriptions');
});

/** Which are held back, and for which organizations. */
async function heldBack(...ids: readonly string[]): Promise<unknown[]> {
  const { subscriptions } = await ask();
  return ids.map((wanted) => {
    const one = subscriptions.find(({ id }) => id === wanted);
    return [one?.status, one?.pausedFor];
  });
}

test('the subscriptions say which of them is held back, and for which organizations', async () => {
  await pauseJobs(backend.store, { jobType: 'email' }, ASKING);
  await pauseJobs(backend.store, { jobType: 'notif', orgId: 'org2' }, ASKING);
  expect(await heldBack('email', 'notif', 'operation')).toEqual([
    ['paused', undefined],
    ['active', ['org2']],
    ['active', undefined],
  ]);
});

test('an organization’s pause is each subscription’s', async () => {
  await pauseJobs(backend.store, { orgId: 'org1' }, ASKING);
  await pauseJobs(backend.store, { jobType: 'notif', orgId: 'org1' }, ASKING);
  expect(await heldBack('email', 'notif')).toEqual([
    ['active', ['org1']],
    ['active', ['org1']],
  ]);
});

test('what is being resumed is not held back any more', async () => {
  await pauseJobs(backend.store, { jobType: 'email' }, ASKING);
  await resumeJobs(backend.store, 'jobType:email');
  expect(await heldBack('email')).toEqual([['active', undefined]]);
});
