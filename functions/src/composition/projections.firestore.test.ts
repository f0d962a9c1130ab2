import { beforeEach, expect, test } from '@jest/globals';
import { openWorker, sweep } from '#outbox';
import { matterBilling } from '../features/billing/index.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import * as commands from './commands.ts';
import { backend, call, firestore } from './testing/backend.ts';
import type { World } from './testing/world.ts';
import { aWorld, EUROS } from './testing/world.ts';

const NONE = { count: 0, amountMinor: 0 };
const times = (count: number) => ({ count, amountMinor: count * EUROS.amountMinor });
let world: World;

beforeEach(async () => {
  await clearFirestore(firestore);
  world = await aWorld();
});

async function tick(): Promise<void> {
  const handlers = backend.subscriptions.handlersFor();
  const worker = openWorker(backend.processor, { by: 'tick', handlers, budgetMs: 100_000 });
  await sweep(worker, { lastFromZeroElapsedMs: undefined });
}

function billed(): Promise<unknown> {
  const { orgId, matterId: key } = world;
  return backend.projections.read(matterBilling, { orgId, key });
}

test('what is billed in a matter is summed up by the tick, and the same from the log', async () => {
  await tick();
  const drafted = times(2);
  const sent = times(1);
  expect(await billed()).toEqual({ EUR: { drafted, sent, paid: NONE, due: times(1) } });
  const payment = { orgId: world.orgId, invoiceId: world.sentInvoiceId, ...EUROS };
  await call(commands.recordPayment, 'ben', payment);
  await tick();
  const paid = { EUR: { drafted, sent, paid: times(1), due: NONE } };
  expect(await billed()).toEqual(paid);
  const status = await backend.projections.status(matterBilling, world.orgId);
  expect(status).toMatchObject({ status: 'live', waiting: 0, failed: 0, lagMs: 0 });
  expect(status.generation).toMatch(/^1-/);
  expect(status.lastEvent).toMatchObject({ eventType: 'invoice.paid' });
  await backend.projections.rebuild(matterBilling, world.orgId);
  expect(await billed()).toEqual(paid);
  expect(await backend.projections.status(matterBilling, world.orgId)).toMatchObject({
    generation: expect.stringMatching(/^2-/),
  });
});

test('an emit whose event it takes writes a job more, and one commit holds all', async () => {
  const { docs } = await firestore
    .collection('outbox')
    .where('jobType', '==', 'matter_billing')
    .get();
  const types = docs.map((row) => String(row.get('eventType'))).toSorted();
  const sent = ['invoice.sent', 'invoice.sent'];
  expect(types).toEqual(['invoice.created', 'invoice.created', 'invoice.created', ...sent]);
});
