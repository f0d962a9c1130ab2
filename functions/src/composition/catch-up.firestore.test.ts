import { beforeAll, describe, expect, test } from '@jest/globals';
import { FieldValue } from 'firebase-admin/firestore';
import type { JobHandler, NewJob } from '#outbox';
import { openWorker, sweep } from '#outbox';
import type { Operation } from '../operations/index.ts';
import type { NewOperation } from '../operations/operations.ts';
import { isTransact } from '../outbox/model/handler.ts';
import { describeJobs } from './describe.ts';
import { backend, firestore } from './testing/backend.ts';
import { openOrderStage, sendCheckout, settle, take } from './testing/order-stage.ts';
import type { World } from './testing/world.ts';

const { operations } = backend;
const outbox = firestore.collection('outbox');
const log = firestore.collection('domain_events');
let world: World;
/** Which handlers made which jobs. */
const made = new Map<string, Set<string>>();

beforeAll(async () => {
  const stage = await openOrderStage();
  ({ world } = stage);
  await sendCheckout(stage);
  await take(stage.tell.succeeded(1));
  await settleSeen();
});

/** As `settle`, with an eye on who makes which jobs. */
async function settleSeen(): Promise<void> {
  const lookup = backend.subscriptions.handlersFor();
  const handlers = (jobType: string): JobHandler | undefined => {
    const handler = lookup(jobType);
    return handler && seen(handler);
  };
  for (let ticks = 0; ticks < 3; ticks += 1) {
    const worker = openWorker(backend.processor, { by: 'tick', handlers, budgetMs: 100_000 });
    await sweep(worker, { lastFromZeroElapsedMs: undefined });
  }
  await settle();
}

function seen(handler: JobHandler): JobHandler {
  if (handler.kind === 'external') return handler;
  const note = (jobs: readonly NewJob[]): void => {
    const types = made.get(handler.jobType) ?? new Set();
    for (const { jobType } of jobs) types.add(jobType);
    made.set(handler.jobType, types);
  };
  if (isTransact(handler)) {
    const transact: typeof handler.transact = async (...parameters) => {
      const jobs = await handler.transact(...parameters);
      note(jobs);
      return jobs;
    };
    return { ...handler, transact };
  }
  const handle: typeof handler.handle = async (...parameters) => {
    const effects = await handler.handle(...parameters);
    note(effects.jobs);
    return effects;
  };
  return { ...handler, handle };
}

function start(params: object, said: Partial<NewOperation> = {}): Promise<Operation> {
  return operations.start({
    kind: 'catch-up',
    params: { orgId: world.orgId, ...params },
    rowsPerSecond: 1_000,
    by: 'ops',
    reason: 'There is a new subscription.',
    correlationId: 'request1',
    ...said,
  });
}

async function run(params: object, said?: Partial<NewOperation>): Promise<Operation> {
  const { id } = await start(params, said);
  await settle();
  return operations.get(id);
}

async function rowsOf(jobType: string): Promise<FirebaseFirestore.DocumentData[]> {
  return (await outbox.where('jobType', '==', jobType).get()).docs.map((row) => row.data());
}

/** Makes it as if a subscription had come only now: its events have no job, and nothing has come of them. */
async function forgetFulfillment(): Promise<void> {
  const [events, others, rows, fulfillments, shipments] = await Promise.all([
    log.where('jobTypes', 'array-contains', 'fulfillment').get(),
    log.where('entityType', 'in', ['fulfillment', 'shipment']).get(),
    outbox.get(),
    firestore.collection('fulfillments').get(),
    firestore.collection('shipments').get(),
  ]);
  const gone = new Set(others.docs.map(({ id }) => id));
  const jobs = rows.docs.filter(
    (row) => row.get('jobType') === 'fulfillment' || gone.has(String(row.get('eventId'))),
  );
  const batch = firestore.batch();
  const jobTypes = FieldValue.arrayRemove('fulfillment');
  for (const { ref } of events.docs) batch.update(ref, { jobTypes });
  for (const { ref } of [...others.docs, ...jobs, ...fulfillments.docs, ...shipments.docs]) {
    batch.delete(ref);
  }
  await batch.commit();
}

test('what makes jobs that leave Firestore says so, and nobody else', async () => {
  const external = new Set(
    describeJobs().flatMap(({ id, kind }) => (kind === 'external' ? id : [])),
  );
  const subscriptions = describeJobs().filter(
    ({ pattern, kind }) => pattern !== undefined && kind !== 'external',
  );
  for (const { id } of subscriptions) expect([...made.keys()]).toContain(id);
  const makers = [...made].filter(([, types]) => [...types].some((type) => external.has(type)));
  expect(makers.length).toBeGreaterThan(1);
  const refused = await Promise.all(
    subscriptions.map(async ({ id }) => {
      const why = await start({ subscription: id }, { dryRun: true }).then(String, String);
      return why.includes('sideEffects') ? [id] : [];
    }),
  );
  expect(refused.flat().toSorted()).toEqual(makers.map(([id]) => id).toSorted());
  await settle();
});

describe('a subscription that came later', () => {
  test('is given the events before it, each once, at the job’s own id', async () => {
    await forgetFulfillment();
    const dry = await run({ subscription: 'fulfillment' }, { dryRun: true });
    expect(dry).toMatchObject({ state: 'done', done: 1 });
    expect(await rowsOf('fulfillment')).toEqual([]);
    const operation = await run({ subscription: 'fulfillment' });
    const { total } = await backend.events.count({ orgId: world.orgId });
    expect(operation).toMatchObject({ state: 'done', done: 1 });
    expect(operation.skipped).toEqual({ 'not-asked-for': operation.seen - 1 });
    expect(operation.seen).toBeLessThanOrEqual(total);
    const [row, ...others] = await rowsOf('fulfillment');
    expect(others).toEqual([]);
    const id = `fulfillment:${world.orgId}:${String(row!['eventId'])}`;
    expect(row).toMatchObject({ id, status: 'sent', runs: 1, payload: { catchUp: true } });
    expect((await firestore.collection('fulfillments').get()).size).toBe(1);
  });

  test('is not given again what has its job', async () => {
    expect(await run({ subscription: 'fulfillment' })).toMatchObject({ state: 'done', done: 1 });
    expect(await rowsOf('fulfillment')).toMatchObject([{ status: 'sent', runs: 1 }]);
    const said = { subscription: 'order_checkout', sideEffects: ['order_checkout'] };
    const live = await run(said);
    expect(live).toMatchObject({ done: 0, skipped: { 'has-its-job': 1 } });
  });
});

test('history that was imported is given to whom it is asked for', async () => {
  const [event] = (await log.where('eventType', '==', 'order.paid').limit(1).get()).docs;
  const { jobTypes: _, ...old } = event!.data();
  const eventId = 'imported1';
  await log.doc(eventId).create({ ...old, eventId, imported: true, jobTypes: [] });
  const operation = await run({ subscription: 'order_invoice', eventTypes: ['order.paid'] });
  expect(operation).toMatchObject({ done: 1, skipped: { 'has-its-job': 1 } });
  const row = await outbox.doc(`order_invoice:${world.orgId}:${eventId}`).get();
  expect(row.data()).toMatchObject({ status: 'sent', eventId });
});

test.each([
  [{ subscription: 'matter_billing' }, 'params.subscription'],
  [{ subscription: 'notif' }, 'params.subscription'],
  [{ subscription: 'nobody' }, 'params.subscription'],
  [{}, 'params.subscription'],
  [{ subscription: 'fulfillment', entityId: 'o1' }, 'params.entityId'],
  [{ subscription: 'fulfillment', from: 'yesterday' }, 'params.from'],
])('%j is refused by path', async (params, path) => {
  const problems = [expect.objectContaining({ path })];
  await expect(start(params)).rejects.toMatchObject({ code: 'invalid-input', problems });
});
