import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { DocumentData } from 'firebase-admin/firestore';
import { DAY_MS } from '#kernel';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import type { Operation } from '../operations/index.ts';
import type { NewOperation } from '../operations/operations.ts';
import { archiveOf } from './archive.ts';
import { backend, firestore } from './testing/backend.ts';
import { ageEvents, runOperation, tick } from './testing/old-events.ts';
import type { World } from './testing/world.ts';
import { aWorld } from './testing/world.ts';

const log = firestore.collection('domain_events');
const storage = archiveOf(firestore, '').storage();
const AGE_DAYS = 100;
const PROJECT = String(process.env['GCLOUD_PROJECT']);
const FOLDER = join(tmpdir(), 'firestore-outbox-archive', PROJECT);
let world: World;
let params: { readonly orgId: string };

function run(kind: string, said: Partial<NewOperation> = {}): Promise<Operation> {
  return runOperation({ kind, params, ...said });
}

/** The log, every field of it as it is stored. */
async function stored(): Promise<Record<string, DocumentData>> {
  const { docs } = await log.orderBy('timestamp').get();
  return Object.fromEntries(docs.map((event) => [event.id, event.data()]));
}

/** The heads of streams in all documents of some collections. */
async function heads(): Promise<Record<string, unknown>> {
  const names = ['streams', 'matters', 'invoices', 'orders', 'clients', 'payments'];
  const all = await Promise.all(names.map((name) => firestore.collection(name).get()));
  const documents = all.flatMap(({ docs }) => docs);
  return Object.fromEntries(
    documents.map((document) => [document.ref.path, document.get('stream')] as const),
  );
}

function days(): { readonly from: string; readonly to: string } {
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  const oldMs = Date.now() - AGE_DAYS * DAY_MS;
  return { from: day(oldMs - DAY_MS), to: day(oldMs + DAY_MS) };
}

const restoreParams = () => ({ params: { ...params, ...days() } });

async function openWorld(): Promise<void> {
  await clearFirestore(firestore);
  await rm(FOLDER, { recursive: true, force: true });
  world = await aWorld();
  params = { orgId: world.orgId };
  // What is at work has to be done before its events may go.
  for (let round = 0; round < 3; round += 1) await tick();
  await ageEvents(AGE_DAYS);
}

describe('archiving', () => {
  beforeEach(openWorld);

  test('takes what nobody needs any more, and restoring gives it back as it was', async () => {
    const before = await stored();
    const headsBefore = await heads();
    const archived = await run('archive');
    expect(archived).toMatchObject({ state: 'done' });
    const { total } = await backend.events.count(params);
    expect(archived.done).toBeGreaterThan(10);
    expect(Object.keys(before).length - archived.done).toBe(Object.keys(await stored()).length);
    expect(archived.skipped).toEqual({
      'last-of-its-stream': expect.any(Number),
      // Of phones, whose states are made of their events.
      'no-snapshot': expect.any(Number),
      'behind-one-that-stays': expect.any(Number),
    });
    expect(total).toBe(Object.values(archived.skipped).reduce((sum, count) => sum + count, 0));
    const { findings } = await backend.integrity.verifyIntegrity(world.orgId);
    expect(findings).toEqual([]);
    const restored = await run('restore', restoreParams());
    expect(restored).toMatchObject({ state: 'done', done: archived.done, findings: [] });
    expect(await stored()).toEqual(before);
    expect(await heads()).toEqual(headsBefore);
    expect((await firestore.doc(`archives/${world.orgId}`).get()).get('events')).toBe(0);
  }, 60_000);

  test('again takes nothing, and neither does restoring again', async () => {
    const first = await run('archive');
    const files = await storage.list({ prefix: 'events/v1/', limit: 1_000 });
    expect(await run('archive')).toMatchObject({ state: 'done', done: 0 });
    await run('restore', restoreParams());
    const again = await run('restore', restoreParams());
    expect(again).toMatchObject({ done: 0, skipped: { 'already-there': first.done } });
    expect(await run('archive')).toMatchObject({ done: first.done });
    expect(await storage.list({ prefix: 'events/v1/', limit: 1_000 })).toEqual(files);
  }, 60_000);

  test('dry counts the same and writes nothing anywhere', async () => {
    const before = await stored();
    const dry = await run('archive', { dryRun: true });
    expect(await stored()).toEqual(before);
    expect(await storage.list({ prefix: 'events/v1/', limit: 1 })).toEqual([]);
    expect(await run('archive')).toMatchObject({ done: dry.done, skipped: dry.skipped });
  }, 60_000);

  test('leaves a log and an archive that can be verified', async () => {
    const { done } = await run('archive');
    const first = await run('verify');
    expect(first).toMatchObject({ findings: [], skipped: { 'only-in-the-archive': done } });
    const all = await run('verify', { params: { ...params, archived: true } });
    expect(all).toMatchObject({ findings: [], skipped: {}, seen: first.seen + done });
    const slowly = await run('verify', { params: { ...params, archived: true }, rowsPerSecond: 9 });
    expect(slowly).toMatchObject({ findings: [], seen: all.seen });
  }, 60_000);

  test('is found out where a file of it was changed, and nothing of that comes back', async () => {
    await run('archive');
    const files = await storage.list({ prefix: 'events/v1/', limit: 1_000 });
    const path = files.find((name) => name.endsWith('.ndjson.gz'))!;
    const bytes = Uint8Array.from((await storage.get(path))!);
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    await writeFile(join(FOLDER, path), bytes);
    const verified = await run('verify', { params: { ...params, archived: true } });
    expect(verified.findings).toMatchObject([
      { kind: 'archive-damaged', path },
      { kind: 'archive-incomplete' },
    ]);
    const before = await stored();
    const restored = await run('restore', restoreParams());
    expect(restored).toMatchObject({
      state: 'done',
      done: 0,
      findings: [{ kind: 'archive-damaged', path }],
    });
    expect(await stored()).toEqual(before);
  }, 60_000);

  test('leaves nothing that a read model could be made of anew without it', async () => {
    await run('archive');
    const rebuild = run('rebuild', { params: { ...params, projection: 'matter_billing' } });
    await expect(rebuild).rejects.toMatchObject({ code: 'archived' });
  }, 60_000);

  test('takes no event that a replay at the same time makes a job for', async () => {
    const replayed = { ...params, subscriptions: ['notif'], sideEffects: ['notif'] };
    const about = { by: 'ops', reason: 'It is old.', correlationId: 'request1' };
    const started = await Promise.all([
      // Slowly: it reads, and waits before it commits.
      backend.operations.start({ ...about, kind: 'replay', params: replayed, rowsPerSecond: 60 }),
      backend.operations.start({ ...about, kind: 'archive', params, rowsPerSecond: 1_000 }),
    ]);
    await Promise.all([tick(), tick()]);
    await tick();
    const [, archived] = await Promise.all(started.map(({ id }) => backend.operations.get(id)));
    expect(archived?.done).toBeGreaterThan(0);
    const failed = await firestore.collection('outbox').where('status', '==', 'failed').get();
    expect(failed.docs.map((row) => row.id)).toEqual([]);
  }, 60_000);

  test('stops a rebuild that has begun, and when all is back it comes to the same', async () => {
    const billing = firestore.collection('projections_matter_billing');
    const models = async (): Promise<Map<unknown, unknown>> => {
      const { docs } = await billing.get();
      return new Map(docs.map((model) => [model.get('key'), model.get('state')] as const));
    };
    const before = await models();
    expect(before.size).toBeGreaterThan(0);
    const said = { params: { ...params, projection: 'matter_billing' }, rowsPerSecond: 1_000 };
    const about = { by: 'ops', reason: 'It is old.', correlationId: 'request1' };
    const { id } = await backend.operations.start({ ...about, ...said, kind: 'rebuild' });
    await backend.operations.pause(id);
    await run('archive');
    await backend.operations.resume(id);
    await tick();
    expect(await backend.operations.get(id)).toMatchObject({
      state: 'failed',
      lastError: { code: 'archived', message: expect.stringContaining('restore them, then') },
    });
    expect(await models()).toEqual(before);
    await run('restore', restoreParams());
    expect(await run('rebuild', said)).toMatchObject({ state: 'done' });
    expect(await models()).toEqual(before);
  }, 60_000);
});

test.each([
  ['archive', {}, 'params.orgId'],
  ['archive', { orgId: 'org1', before: 'long ago' }, 'params.before'],
  ['archive', { orgId: 'org1', before: '2999-01-01T00:00:00Z' }, 'params.before'],
  ['archive', { orgId: 'org1', all: true }, 'params.all'],
  ['restore', { orgId: 'org1', from: '2030-01-02' }, 'params.to'],
  ['restore', { orgId: 'org1', from: '2030-01-02', to: '2030-01-01' }, 'params.to'],
  ['restore', { orgId: 'org1', from: '2000-01-02', to: '2030-01-01' }, 'params.to'],
  ['restore', { orgId: 'org1', from: '2030-02-30', to: '2030-03-01' }, 'params.from'],
  ['restore', { orgId: '../x', from: '2030-01-01', to: '2030-01-01' }, 'params.orgId'],
])('%s with %j is refused by path', async (kind, said, path) => {
  const problems = [expect.objectContaining({ path })];
  const started = run(kind, { params: said });
  await expect(started).rejects.toMatchObject({ code: 'invalid-input', problems });
});

test('on a deployed function there is no folder to take for a bucket', () => {
  const host = process.env['FIRESTORE_EMULATOR_HOST'];
  delete process.env['FIRESTORE_EMULATOR_HOST'];
  try {
    expect(() => archiveOf(firestore, '').storage()).toThrow(/ARCHIVE_BUCKET/);
  } finally {
    process.env['FIRESTORE_EMULATOR_HOST'] = host;
  }
});
