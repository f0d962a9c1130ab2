import { beforeAll, describe, expect, test } from '@jest/globals';
import { Timestamp } from 'firebase-admin/firestore';
import { showEvent } from '../api/index.ts';
import { measure } from '../kernel/testing/meter.ts';
import type { Operation } from '../operations/index.ts';
import type { NewOperation } from '../operations/operations.ts';
import * as commands from './commands.ts';
import { storageIn } from './storage.ts';
import { backend, call, firestore } from './testing/backend.ts';
import { openOrderStage, settle, tick } from './testing/order-stage.ts';
import type { World } from './testing/world.ts';

const { operations } = backend;
const storage = storageIn('');
/** Everything but the last is this much older than it is. */
const AGE_SECONDS = 3_600;
let world: World;
let total: number;

beforeAll(async () => {
  ({ world } = await openOrderStage());
  const { orgId, sentInvoiceId: invoiceId } = world;
  const payment = { orgId, invoiceId, amountMinor: 5_000, currency: 'EUR' };
  await call(commands.recordPayment, 'ben', payment);
  await settle();
  for (const [name, field] of [
    ['domain_events', 'timestamp'],
    ['invoices', 'createdAt'],
    ['payments', 'createdAt'],
  ] as const) {
    await makeOlder(name, field);
  }
  ({ total } = await backend.events.count({ orgId }));
  // Too young: another that was recorded before it may still appear.
  await call(commands.createInvoice, 'ada', { orgId, amountMinor: 1, currency: 'EUR' });
});

async function makeOlder(name: string, field: string): Promise<void> {
  const { docs } = await firestore.collection(name).get();
  const batch = firestore.batch();
  for (const { ref, ...row } of docs.map((doc) => ({ ref: doc.ref, at: doc.get(field) }))) {
    const { seconds, nanoseconds } = row.at as Timestamp;
    batch.update(ref, { [field]: new Timestamp(seconds - AGE_SECONDS, nanoseconds) });
  }
  await batch.commit();
}

function start(kind: string, params: object, said: Partial<NewOperation> = {}): Promise<Operation> {
  return operations.start({
    kind,
    params: { orgId: world.orgId, ...params },
    rowsPerSecond: 1_000,
    by: 'ops',
    reason: 'The auditor asks.',
    correlationId: 'request1',
    ...said,
  });
}

async function run(
  kind: string,
  params: object = {},
  said?: Partial<NewOperation>,
): Promise<Operation> {
  const { id } = await start(kind, params, said);
  await settle();
  return operations.get(id);
}

/** What it wrote, by the file’s name. */
async function filesOf({ output }: Operation): Promise<Record<string, string>> {
  if (output === undefined) return {};
  const paths = await storage.list({ prefix: output, limit: 100 });
  const files = await Promise.all(
    paths.map(async (path) => [path, await storage.get(path)] as const),
  );
  return Object.fromEntries(
    files.map(([path, bytes]) => [path.slice(output.length), Buffer.from(bytes!).toString('utf8')]),
  );
}

function linesOf(text: string): unknown[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

describe('an export of events', () => {
  test('has each as the HTTP API shows it, oldest first, but for the last five minutes', async () => {
    const operation = await run('export');
    expect(operation).toMatchObject({ state: 'done', seen: total, done: total, skipped: {} });
    expect(operation.output).toBe(`exports/${world.orgId}/${operation.id}/`);
    const files = await filesOf(operation);
    expect(Object.keys(files)).toEqual(['events-000001.ndjson']);
    const { events } = await backend.events.list({
      orgId: world.orgId,
      order: 'oldest',
      limit: 200,
    });
    const shown = events.map((event) => showEvent(event, { role: 'operator' }));
    expect(shown.length).toBeGreaterThan(total);
    expect(linesOf(files['events-000001.ndjson']!)).toEqual(
      JSON.parse(JSON.stringify(shown.slice(0, total))),
    );
  });

  test('costs a read for each event', async () => {
    const { id } = await start('export', {});
    const billed = await measure(firestore, () => tick());
    const { reads, writes, step } = await operations.get(id);
    expect({ reads, writes }).toEqual({ reads: total + step - 1, writes: 3 * (step - 1) + 1 });
    // The tick asks for its controls and two pages, and reads how it ended, to tell.
    expect(billed.reads - reads).toBe(4);
  });

  test('is in files that follow each other', async () => {
    const operation = await run('export', {}, { rowsPerSecond: 20 });
    const files = await filesOf(operation);
    expect(Object.keys(files).length).toBe(Math.ceil(total / 20));
    const [whole] = Object.values(await filesOf(await run('export')));
    expect(Object.values(files).join('')).toBe(whole);
  });

  test('is of those that were asked for', async () => {
    const eventTypes = ['invoice.sent', 'payment.received'];
    const operation = await run('export', { eventTypes });
    const types = linesOf((await filesOf(operation))['events-000001.ndjson']!).map(
      (event) => (event as { eventType: string }).eventType,
    );
    expect(new Set(types)).toEqual(new Set(eventTypes));
    const skipped = { 'not-asked-for': total - types.length };
    expect(operation).toMatchObject({ done: types.length, skipped });
    const ofInvoice = { entityType: 'invoice', entityId: world.sentInvoiceId };
    expect(await run('export', ofInvoice)).toMatchObject({ done: 3 });
  });

  test('only counts where it is a dry run', async () => {
    const operation = await run('export', {}, { dryRun: true });
    expect(operation).toMatchObject({ state: 'done', estimate: expect.any(Number), done: total });
    expect(operation).not.toHaveProperty('output');
    const prefix = `exports/${world.orgId}/${operation.id}/`;
    expect(await storage.list({ prefix, limit: 10 })).toEqual([]);
  });

  test('of an organization that has none writes nothing', async () => {
    const operation = await run('export', { orgId: 'nobody' });
    expect(operation).toMatchObject({ state: 'done', estimate: 0, seen: 0, done: 0 });
    expect(await filesOf(operation)).toEqual({});
  });

  test('goes on where a worker died that had written its file', async () => {
    const { id } = await start('export', {}, { rowsPerSecond: 20 });
    const path = `exports/${world.orgId}/${id}/events-000001.ndjson`;
    const [whole] = Object.values(await filesOf(await run('export')));
    const first = whole!.split('\n').slice(0, 20).join('\n');
    await storage.put(path, Buffer.from(`${first}\n`));
    await settle();
    const operation = await operations.get(id);
    expect(operation).toMatchObject({ state: 'done', done: total });
    expect(Object.values(await filesOf(operation)).join('')).toBe(whole);
  });

  test('has failed where its file is there with something else', async () => {
    const { id } = await start('export', {});
    const path = `exports/${world.orgId}/${id}/events-000001.ndjson`;
    await storage.put(path, Buffer.from('{"eventId":"archived"}\n'));
    await settle();
    expect(await operations.get(id)).toMatchObject({
      state: 'failed',
      lastError: { code: 'failed-precondition', message: expect.stringContaining(path) },
    });
  });
});

describe('an export of the books', () => {
  test('has every invoice and every payment of the time, with amounts in the smallest unit', async () => {
    const operation = await run('accounting');
    const files = await filesOf(operation);
    expect(Object.keys(files)).toEqual(['invoices-000001.csv', 'payments-000001.csv']);
    const [columns, ...invoices] = files['invoices-000001.csv']!.trimEnd().split('\r\n');
    expect(columns).toBe(
      'invoiceId,createdAt,status,currency,amountMinor,paidMinor,dueAt,paidAt,matterId,clientId,orderId',
    );
    const { sentInvoiceId, matterId } = world;
    const sent = invoices.find((row) => row.startsWith(sentInvoiceId));
    expect(sent).toMatch(
      new RegExp(`^${sentInvoiceId},[-0-9T:.]+Z,partially_paid,EUR,12500,5000,,,${matterId},,$`),
    );
    const stored = await firestore.collection('invoices').get();
    expect(invoices).toHaveLength(
      stored.docs.filter((row) => row.get('orgId') === world.orgId).length - 1,
    );
    const [, payment, ...more] = files['payments-000001.csv']!.trimEnd().split('\r\n');
    expect(payment).toContain(`,${sentInvoiceId},EUR,5000,${matterId},ben`);
    expect(more).toEqual([]);
    expect(operation).toMatchObject({ state: 'done', done: invoices.length + 1, skipped: {} });
  });

  test('is in files that follow each other, the first of each with its columns', async () => {
    const [whole] = Object.values(await filesOf(await run('accounting')));
    const files = await filesOf(await run('accounting', {}, { rowsPerSecond: 1 }));
    const invoices = Object.entries(files).filter(([name]) => name.startsWith('invoices-'));
    expect(invoices.length).toBeGreaterThan(1);
    expect(invoices.map(([, text]) => text).join('')).toBe(whole);
  }, 60_000);

  test('of a time without any has the columns alone', async () => {
    const operation = await run('accounting', { to: '2000-01-01T00:00:00Z' });
    const files = await filesOf(operation);
    expect(Object.values(files).every((text) => text.trimEnd().split('\r\n').length === 1)).toBe(
      true,
    );
    expect(operation).toMatchObject({ state: 'done', done: 0 });
  });
});

test.each([
  ['export', { orgId: 'a/b' }, 'params.orgId'],
  ['export', { to: 'yesterday' }, 'params.to'],
  ['export', { from: '2030-01-02T00:00:00Z', to: '2030-01-01T00:00:00Z' }, 'params.to'],
  ['export', { format: 'xml' }, 'params.format'],
  ['accounting', { orgId: '' }, 'params.orgId'],
  ['accounting', { eventTypes: ['a.b'] }, 'params.eventTypes'],
  ['accounting', { from: '2030-01-02T00:00:00Z', to: '2030-01-01T00:00:00Z' }, 'params.to'],
])('%s with %j is refused by path', async (kind, params, path) => {
  const problems = [expect.objectContaining({ path })];
  await expect(start(kind, params)).rejects.toMatchObject({ code: 'invalid-input', problems });
});
