import { beforeEach, describe, expect, test } from '@jest/globals';
import { openWorker, sweep } from '#outbox';
import { matterBilling } from '../features/billing/index.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { measure } from '../kernel/testing/meter.ts';
import type { Operation } from '../operations/index.ts';
import type { NewOperation } from '../operations/operations.ts';
import { backend, firestore } from './testing/backend.ts';
import type { World } from './testing/world.ts';
import { aWorld } from './testing/world.ts';

const { operations, projections, processor, subscriptions } = backend;
let world: World;

beforeEach(() => clearFirestore(firestore));

async function openWorld(): Promise<void> {
  world = await aWorld();
  await tick();
}

async function tick(): Promise<void> {
  const handlers = subscriptions.handlersFor();
  const worker = openWorker(processor, { by: 'tick', handlers, budgetMs: 100_000 });
  await sweep(worker, { lastFromZeroElapsedMs: undefined });
}

function start(said: Partial<NewOperation>): Promise<Operation> {
  return operations.start({
    kind: 'rebuild',
    params: said.params ?? { projection: matterBilling.id, orgId: world.orgId },
    by: 'ops',
    reason: 'It looked wrong.',
    correlationId: 'request1',
    ...said,
  });
}

/** Starts one and makes all its steps. */
async function run(said: Partial<NewOperation>): Promise<Operation> {
  const { id } = await start(said);
  await tick();
  return operations.get(id);
}

function billed(): Promise<unknown> {
  const { orgId, matterId: key } = world;
  return projections.read(matterBilling, { orgId, key });
}

async function generation(): Promise<string | undefined> {
  return (await projections.status(matterBilling, world.orgId)).generation;
}

describe('making a read model anew', () => {
  beforeEach(openWorld);

  test('switches to one that is the same as from its jobs', async () => {
    const before = await billed();
    const { state, seen, done, lastError } = await run({});
    expect({ state, lastError, isWhole: seen === done }).toEqual({ state: 'done', isWhole: true });
    expect(await generation()).toMatch(/^2-/);
    expect(await billed()).toEqual(before);
  });

  test('mends one that was changed by hand, and goes on where another left it', async () => {
    const before = await billed();
    const { docs } = await firestore.collection(matterBilling.collection).get();
    await Promise.all(docs.map(({ ref }) => ref.update({ state: { EUR: 'none' } })));
    await projections.startRebuild(matterBilling, world.orgId);
    await projections.rebuildStep(matterBilling, world.orgId);
    expect(await run({})).toMatchObject({ state: 'done' });
    expect(await generation()).toMatch(/^2-/);
    expect(await billed()).toEqual(before);
  });

  test('twice makes it twice', async () => {
    await run({});
    await run({});
    expect(await generation()).toMatch(/^3-/);
  });

  test('cannot be tried, for it changes as it looks', async () => {
    await expect(start({ dryRun: true })).rejects.toMatchObject({
      code: 'invalid-input',
      problems: [{ path: 'dryRun' }],
    });
  });

  test('leaves the live one while it is paused, and goes on', async () => {
    const { id } = await start({});
    await operations.pause(id);
    await tick();
    expect(await operations.get(id)).toMatchObject({ state: 'paused' });
    expect((await generation()) ?? '1-').toMatch(/^1-/);
    await operations.resume(id);
    await tick();
    expect(await operations.get(id)).toMatchObject({ state: 'done' });
    expect(await generation()).toMatch(/^2-/);
  });
});

test('an event that a read model cannot take ends it at once, and says which', async () => {
  await openWorld();
  const log = firestore.collection('domain_events').where('eventType', '==', 'invoice.sent');
  const { docs } = await log.limit(1).get();
  await docs[0]!.ref.update({ payload: { amountMinor: 'much' } });
  const operation = await run({});
  expect(operation).toMatchObject({
    state: 'failed',
    lastError: { code: 'event-unreadable', message: expect.stringContaining(docs[0]!.id) },
  });
  const steps = await firestore.collection('outbox').where('jobType', '==', 'operation').get();
  const dead = steps.docs.filter((row) => row.get('status') === 'failed');
  expect(dead.map((row) => row.get('attempts') as number)).toEqual([1]);
});

describe('verifying a log', () => {
  beforeEach(openWorld);

  const verify = (rowsPerSecond = 1_000): Promise<Operation> =>
    run({ kind: 'verify', params: { orgId: world.orgId }, rowsPerSecond });

  test('looks at every event twice, and finds nothing in one as it was written', async () => {
    const { total } = await backend.events.count({ orgId: world.orgId });
    const operation = await verify();
    expect(operation).toMatchObject({ state: 'done', done: 0, findings: [], found: {} });
    expect(operation).toMatchObject({ estimate: 2 * total, seen: 2 * total });
  });

  test('costs what it says, besides the steps', async () => {
    // What the world’s jobs have left to do.
    await tick();
    const { id } = await start({ kind: 'verify', params: { orgId: world.orgId } });
    const billedToTick = await measure(firestore, () => tick());
    const { reads, writes, step } = await operations.get(id);
    // The tick asks for its controls and two pages, and claims the first step’s job; the others go on from there.
    // Then it reads how it ended, and tells.
    expect({
      step,
      reads: billedToTick.reads - reads,
      writes: billedToTick.writes - writes,
    }).toEqual({ step: 3, reads: 4, writes: 2 });
  });

  test('finds what was changed, page by page as in one, and says what to do', async () => {
    const { orgId } = world;
    const log = firestore.collection('domain_events').where('orgId', '==', orgId);
    // Of a plain event nobody knows that it was there.
    const docs = (await log.get()).docs.filter((one) => one.get('streamVersion') !== undefined);
    await docs[0]!.ref.update({ contentHash: 'x'.repeat(64) });
    await docs[1]!.ref.delete();
    const { findings, counts } = await backend.integrity.verifyIntegrity(orgId);
    expect(findings.length).toBeGreaterThan(1);
    const operation = await verify();
    expect(operation).toMatchObject({ state: 'done', findings, found: counts });
    const inSmallPages = await verify(30);
    expect(inSmallPages).toMatchObject({ state: 'done', findings, found: counts });
    expect(inSmallPages.step).toBeGreaterThan(operation.step);
  }, 60_000);
});

test.each([
  ['rebuild', { orgId: 'org1' }, 'params.projection'],
  ['rebuild', { projection: 'none', orgId: 'org1' }, 'params.projection'],
  ['rebuild', { projection: matterBilling.id, orgId: '' }, 'params.orgId'],
  ['rebuild', { projection: matterBilling.id, orgId: 'org1', all: true }, 'params.all'],
  ['verify', {}, 'params.orgId'],
  ['verify', { orgId: 'a/b' }, 'params.orgId'],
])('%s with %j is refused by path', async (kind, params, path) => {
  const problems = [expect.objectContaining({ path })];
  await expect(start({ kind, params })).rejects.toMatchObject({ code: 'invalid-input', problems });
});
