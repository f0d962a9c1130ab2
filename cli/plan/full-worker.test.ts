import { expect, test } from '@jest/globals';
import { openMemoryOutbox } from '../../functions/src/outbox/memory/memory-outbox.ts';
import { aChild, aSink, aWriter } from '../../functions/src/outbox/testing/factories.ts';
import { FACTS } from './facts.ts';

test('a full worker leaves the e-mails of what it runs to be claimed, as a plan counts them', async () => {
  const handle = ({ orgId }: { readonly orgId: string }) =>
    Promise.resolve({ writes: [], jobs: [aChild({ orgId })] });
  const outbox = openMemoryOutbox({ handlers: [aWriter({ handle }), aSink()] });
  // Fewer than a page, each of its own tenant: nothing is moved for the others' sake.
  const orgs = Array.from({ length: 100 }, (_, index) => `org${index}`);
  for (const orgId of orgs) outbox.record({ jobType: 'notif', orgId });
  await outbox.tick();
  const emails = orgs.map((orgId) => outbox.job(`mail:${orgId}:child1`).status);
  const left = emails.filter((status) => status === 'pending');
  // The last to run may find places free.
  expect(left.length).toBeGreaterThanOrEqual(orgs.length - FACTS.concurrency.value);
  await outbox.tick();
  expect(orgs.map((orgId) => outbox.job(`mail:${orgId}:child1`))).toEqual(
    orgs.map(() => expect.objectContaining({ status: 'sent', runs: 1 })),
  );
});
