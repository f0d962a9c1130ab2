import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Operation } from '../operations/index.ts';
import type { NewOperation } from '../operations/operations.ts';
import { describeJobs } from './describe.ts';
import { backend, firestore } from './testing/backend.ts';
import { openOrderStage, sendCheckout, settle, take, tick } from './testing/order-stage.ts';
import type { World } from './testing/world.ts';

const { operations } = backend;
const outbox = firestore.collection('outbox');
let world: World;
let total: number;

beforeAll(async () => {
  const stage = await openOrderStage();
  ({ world } = stage);
  await sendCheckout(stage);
  await take(stage.tell.succeeded(1));
  await settle();
  ({ total } = await backend.events.count({ orgId: world.orgId }));
});

function start(params: object, said: Partial<NewOperation> = {}): Promise<Operation> {
  return operations.start({
    kind: 'replay',
    params: { orgId: world.orgId, ...params },
    rowsPerSecond: 1_000,
    by: 'ops',
    reason: 'It was mended.',
    correlationId: 'request1',
    ...said,
  });
}

/** Starts one and makes all its steps, and runs its jobs. */
async function run(params: object, said: Partial<NewOperation> = {}): Promise<Operation> {
  const { id } = await start(params, said);
  await settle();
  return operations.get(id);
}

/** The jobs that a replay made, as `<type> <status>`, and how many of each. */
async function jobsOf({ id }: Operation): Promise<Record<string, number>> {
  const { docs } = await outbox.get();
  const own = docs.filter((row) => row.id.endsWith(`~${id}`));
  for (const row of own) expect(row.get('payload')).toEqual({ replay: true });
  return countBy(own.map((row) => `${String(row.get('jobType'))} ${String(row.get('status'))}`));
}

function countBy(names: readonly string[]): Record<string, number> {
  const groups = Map.groupBy(names, (name) => name);
  return Object.fromEntries([...groups].map(([name, all]) => [name, all.length]));
}

async function sizeOf(collection: string): Promise<number> {
  return (await firestore.collection(collection).count().get()).data().count;
}

async function emails(): Promise<number> {
  const query = outbox.where('jobType', '==', 'email');
  return (await query.count().get()).data().count;
}

const notif = { subscriptions: ['notif'], sideEffects: ['notif'] };

describe('giving a tenant’s events to a subscription again', () => {
  test('only counts where it is a dry run', async () => {
    const operation = await run(notif, { dryRun: true });
    expect(operation).toMatchObject({ state: 'done', estimate: total, seen: total, done: total });
    expect(await jobsOf(operation)).toEqual({});
  });

  test('runs it once for each, and what it did before is not done again', async () => {
    const before = [await emails(), await sizeOf('notifications')];
    const operation = await run(notif);
    expect(operation).toMatchObject({ state: 'done', seen: total, done: total, skipped: {} });
    expect(await jobsOf(operation)).toEqual({ 'notif sent': total });
    expect([await emails(), await sizeOf('notifications')]).toEqual(before);
  });

  test('runs it again where it is started again, and of the types that are named only', async () => {
    const eventTypes = ['invoice.created', 'invoice.sent'];
    const [first, second] = [
      await run({ ...notif, eventTypes }),
      await run({ ...notif, eventTypes }),
    ];
    const { done } = first;
    expect(done).toBeGreaterThan(1);
    expect(first).toMatchObject({ seen: total, skipped: { 'not-asked-for': total - done } });
    expect(await jobsOf(first)).toEqual({ 'notif sent': done });
    expect(await jobsOf(second)).toEqual({ 'notif sent': done });
  });

  test('goes on where it was after a pause', async () => {
    const { id } = await start({ ...notif, eventTypes: ['invoice.created'] });
    await operations.pause(id);
    await tick();
    expect(await jobsOf(await operations.get(id))).toEqual({});
    await operations.resume(id);
    await settle();
    const operation = await operations.get(id);
    expect(operation.state).toBe('done');
    // Of one type nobody knows how many there are.
    expect(operation).not.toHaveProperty('estimate');
    expect(await jobsOf(operation)).toEqual({ 'notif sent': operation.done });
  });

  test('of those that may be named without a word more, nothing leaves Firestore', async () => {
    const { docs: before } = await outbox.get();
    const known = new Set(before.map(({ id }) => id));
    const harmless = ['fulfillment', 'order_invoice'];
    const operation = await run({ subscriptions: harmless });
    expect(operation.done).toBeGreaterThan(0);
    const { docs } = await outbox.get();
    const made = docs.filter(({ id }) => !known.has(id)).map((row) => String(row.get('jobType')));
    expect(new Set(made)).toEqual(new Set(['operation', 'audit', ...harmless]));
    const others = describeJobs().filter(
      ({ id, pattern }) => pattern !== undefined && !harmless.includes(id),
    );
    for (const { id } of others) {
      await expect(start({ subscriptions: [id] })).rejects.toMatchObject({ code: 'invalid-input' });
    }
  });
});

test.each([
  [{ subscriptions: ['matter_billing'] }, 'params.subscriptions.0'],
  [{ subscriptions: ['notif'] }, 'params.subscriptions.0'],
  [{ subscriptions: ['email'], sideEffects: ['email'] }, 'params.subscriptions.0'],
  [{ subscriptions: [] }, 'params.subscriptions'],
  [{ ...notif, orgId: 'a/b' }, 'params.orgId'],
  [{ ...notif, from: 'yesterday' }, 'params.from'],
  [{ ...notif, eventTypes: ['Paid'] }, 'params.eventTypes.0'],
  [{ ...notif, all: true }, 'params.all'],
])('%j is refused by path', async (params, path) => {
  const problems = [expect.objectContaining({ path })];
  await expect(start(params)).rejects.toMatchObject({ code: 'invalid-input', problems });
});

test('filters that have no index together are refused before it begins', async () => {
  const before = await sizeOf('operations');
  const asked = start({ ...notif, entityId: 'i1' });
  await expect(asked).rejects.toMatchObject({ code: 'unsupported-query' });
  const backwards = start({ ...notif, from: '2030-01-01T00:00:00Z', to: '2029-01-01T00:00:00Z' });
  await expect(backwards).rejects.toMatchObject({ code: 'invalid-input' });
  expect(await sizeOf('operations')).toBe(before);
});
