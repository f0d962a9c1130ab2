import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openWorker, sweep } from '#outbox';
import type { Timestamp } from 'firebase-admin/firestore';
import { systemIds } from '#kernel';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { measure } from '../kernel/testing/meter.ts';
import type { Operation } from '../operations/index.ts';
import type { NewOperation } from '../operations/operations.ts';
import { storageIn } from './storage.ts';
import { backend, firestore } from './testing/backend.ts';

const { operations, processor, subscriptions } = backend;
const events = firestore.collection('domain_events');
const orgId = 'org1';
const money = { amountMinor: 1, currency: 'EUR' };

beforeEach(() => clearFirestore(firestore));

async function tick(): Promise<void> {
  const handlers = subscriptions.handlersFor();
  const worker = openWorker(processor, { by: 'tick', handlers, budgetMs: 100_000 });
  await sweep(worker, { lastFromZeroElapsedMs: undefined });
}

/** A line that can be imported, but for what is said. */
function line(key: string, said: object = {}): object {
  return {
    key,
    eventType: 'invoice.issued',
    entityType: 'invoice',
    entityId: `old-${key}`,
    actor: { actorType: 'service', actorId: 'legacy' },
    payload: { amountMinor: 100, currency: 'EUR', dueAt: '2019-02-01T00:00:00.000Z' },
    occurredAt: '2019-01-01T12:00:00+01:00',
    ...said,
  };
}

function textOf(lines: readonly unknown[]): string {
  return lines.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n');
}

/** Uploads a file of these lines, as an operator does. */
async function upload(text: string): Promise<string> {
  const file = `imports/${systemIds.documentId()}.ndjson`;
  await storageIn('').put(file, Buffer.from(text));
  return file;
}

function start(file: string, said: Partial<NewOperation> = {}): Promise<Operation> {
  return operations.start({
    kind: 'import',
    params: { orgId, file, source: 'legacy' },
    rowsPerSecond: 1_000,
    by: 'ops',
    reason: 'The old system is shut down.',
    correlationId: 'request1',
    ...said,
  });
}

/** Imports these lines to the end. */
async function run(lines: readonly unknown[], said?: Partial<NewOperation>): Promise<Operation> {
  const { id } = await start(await upload(textOf(lines)), said);
  await tick();
  return operations.get(id);
}

/** What these tests ask of a stored event. */
interface Stored {
  readonly occurredAt: unknown;
  readonly timestamp: unknown;
  readonly payload: Readonly<Record<string, unknown>>;
}

async function stored(): Promise<Stored[]> {
  const { docs } = await events.orderBy('entityId').get();
  return docs.map((snapshot) => snapshot.data() as Stored);
}

describe('history that is imported', () => {
  test('has the time it happened at, is marked, and has no jobs', async () => {
    const before = Date.now();
    const operation = await run([line('a'), line('b', { metadata: { correlationId: 'order-7' } })]);
    expect(operation).toMatchObject({ state: 'done', estimate: 2, seen: 2, done: 2, findings: [] });
    const [first, second] = await stored();
    const timeOf = (value: unknown): Date => (value as Timestamp).toDate();
    expect(first).toMatchObject({
      orgId,
      imported: true,
      jobTypes: [],
      metadata: { sourceService: 'import:legacy', correlationId: operation.id },
    });
    expect(timeOf(first!.occurredAt)).toEqual(new Date('2019-01-01T11:00:00Z'));
    expect(timeOf(first!.payload['dueAt'])).toEqual(new Date('2019-02-01T00:00:00Z'));
    // Recorded now: nothing appears behind what somebody has read.
    expect(timeOf(first!.timestamp).getTime()).toBeGreaterThanOrEqual(before);
    expect(first).not.toHaveProperty('streamVersion');
    expect(second).toMatchObject({ metadata: { correlationId: 'order-7' } });
    expect((await firestore.collection('outbox').where('eventId', '>', '').get()).size).toBe(0);
    expect((await backend.integrity.verifyIntegrity(orgId)).findings).toEqual([]);
  });

  test('is there once, however often it is imported, and of each source by itself', async () => {
    const lines = [line('a'), line('b'), line('a')];
    expect(await run(lines)).toMatchObject({ done: 2, skipped: { 'already-there': 1 } });
    const again = await run([...lines, line('c')]);
    expect(again).toMatchObject({ done: 1, skipped: { 'already-there': 3 }, findings: [] });
    const params = { orgId, file: await upload(textOf(lines)), source: 'other' };
    const { id } = await start(params.file, { params });
    await tick();
    expect(await operations.get(id)).toMatchObject({ done: 2 });
    expect(await stored()).toHaveLength(5);
  });

  test('costs a read and a write for a line, and a few for each page', async () => {
    const file = await upload(textOf(Array.from({ length: 250 }, (_, n) => line(`k${n}`))));
    const { id } = await start(file);
    const billed = await measure(firestore, () => tick());
    expect(await operations.get(id)).toMatchObject({ done: 250, reads: 252, writes: 257 });
    // The tick’s own are its controls and two pages; of its writes one is of both steps. The last writes how it ended
    // and the job that reads and tells it.
    expect({ reads: billed.reads, writes: billed.writes }).toEqual({ reads: 256, writes: 259 });
  });

  test('goes on where it was after a pause', async () => {
    const lines = Array.from({ length: 6 }, (_, n) => line(`k${n}`));
    const { id } = await start(await upload(textOf(lines)), { rowsPerSecond: 4 });
    await operations.pause(id);
    await tick();
    expect(await stored()).toHaveLength(0);
    await operations.resume(id);
    await tick();
    expect(await operations.get(id)).toMatchObject({ state: 'done', done: 6 });
    expect(await stored()).toHaveLength(6);
  });

  test('is only looked at where it is a dry run', async () => {
    const operation = await run([line('a'), 'nonsense'], { dryRun: true });
    expect(operation).toMatchObject({ state: 'done', done: 1, skipped: { invalid: 1 } });
    expect(operation.findings).toMatchObject([{ line: 2 }]);
    expect(await stored()).toHaveLength(0);
  });
});

describe('lines that are wrong', () => {
  test.each<[string, unknown, string]>([
    ['garbage', '{"key": "a", ', ''],
    ['a list', [1], ''],
    ['no key', line('a', { key: undefined }), 'key'],
    ['a time of no zone', line('a', { occurredAt: '2019-01-01T12:00:00' }), 'occurredAt'],
    ['a time to come', line('a', { occurredAt: '2999-01-01T00:00:00Z' }), 'occurredAt'],
    ['no such type', line('a', { eventType: 'invoice.eaten' }), 'eventType'],
    [
      'a payload of none',
      line('a', { payload: { amountMinor: 1.5, currency: 'EUR' } }),
      'payload.amountMinor',
    ],
    ['no such time', line('a', { payload: { ...money, dueAt: 'soon' } }), 'payload.dueAt'],
    ['another’s organization', line('a', { orgId: 'org2' }), 'orgId'],
    ['a place in a stream', line('a', { streamVersion: 3 }), 'streamVersion'],
    ['no entity', line('a', { entityId: 'a/b' }), 'entityId'],
  ])('%s is left out, and said by its line and path', async (_, wrong, path) => {
    const operation = await run([line('x'), wrong, line('y')]);
    expect(operation).toMatchObject({
      state: 'done',
      seen: 3,
      done: 2,
      skipped: { invalid: 1 },
      findings: [{ kind: 'invalid-line', line: 2, path }],
    });
    expect(await stored()).toHaveLength(2);
  });

  test('are counted once each, whatever is wrong with them', async () => {
    const wrong = line('a', { entityId: 'a/b', orgId: 'org2', streamVersion: 3 });
    const operation = await run([wrong, line('x'), wrong]);
    expect(operation).toMatchObject({ found: { 'invalid-line': 2 }, skipped: { invalid: 2 } });
  });

  test('say nothing of what they say', async () => {
    const { findings } = await run([
      '{"key":"secret-key","payload":{"phone":"+4912345"',
      line('x', { payload: 'secret' }),
    ]);
    expect(findings).toHaveLength(2);
    expect(JSON.stringify(findings)).not.toMatch(/secret|\+49/);
  });

  test('with a key that is taken by something else change nothing', async () => {
    await run([line('a')]);
    const other = line('a', { payload: { amountMinor: 200, currency: 'EUR' } });
    const operation = await run([other, line('b'), { ...line('b'), entityId: 'else' }]);
    expect(operation).toMatchObject({
      done: 1,
      skipped: { 'key-reused': 2 },
      findings: [
        { kind: 'key-reused', line: 1, path: 'key' },
        { kind: 'key-reused', line: 3 },
      ],
    });
    expect((await stored()).map(({ payload }) => payload['amountMinor'])).toEqual([100, 100]);
  });

  test('and none at all is an import of nothing', async () => {
    expect(await run([''])).toMatchObject({ state: 'done', estimate: 0, seen: 0, done: 0 });
    expect(await run(['', ' ', line('a')])).toMatchObject({ done: 1, skipped: { empty: 2 } });
  });
});

describe('an import is refused before it begins', () => {
  let file: string;
  beforeAll(async () => {
    file = await upload(textOf([line('a')]));
  });

  test.each<[object, string]>([
    [{ file: 'imports/nothing.ndjson' }, 'params.file'],
    [{ file: 'exports/org1/op1/a.ndjson' }, 'params.file'],
    [{ file: 'imports/../secrets' }, 'params.file'],
    [{ orgId: 'a/b' }, 'params.orgId'],
    [{ source: '' }, 'params.source'],
    [{ source: undefined }, 'params.source'],
    [{ jobs: true }, 'params.jobs'],
  ])('with %j', async (said, path) => {
    const params = { orgId, file, source: 'legacy', ...said };
    await expect(start(file, { params })).rejects.toMatchObject({
      code: 'invalid-input',
      problems: [expect.objectContaining({ path })],
    });
  });
});
