import { beforeEach, describe, expect, test } from '@jest/globals';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { contentHash } from '../emit/content-hash.ts';
import { decodeEvent } from '../emit/event-document.ts';
import { planEvent } from '../emit/plan-event.ts';
import type { TypedEventInput } from '../emit/emit.ts';
import { aNote } from '../testing/an-event.ts';
import type { TestEvent } from '../testing/catalog.ts';
import { testCatalog } from '../testing/catalog.ts';
import { codedErrorOf } from '../testing/failure.ts';
import { emit, firestore, read } from '../testing/firestore-log.ts';
import { aPlanContext } from '../testing/plan-context.ts';
import { createEventLoader } from './event-log.ts';
import { listEvents } from './list-events.ts';

beforeEach(() => clearFirestore(firestore));

function anInvoice(said: object = {}): TypedEventInput<TestEvent> {
  const invoice = { eventType: 'invoice.sent', payload: { amountMinor: 500 } };
  return aNote({ ...invoice, idempotencyKey: 'k', ...said });
}

/** Emits an invoice as code of another version did; answers the path of what it stored. */
async function storeAt(version: number, payload: unknown): Promise<string> {
  const parse = () => ({ version, payload });
  const catalog = Object.assign(Object.create(testCatalog) as typeof testCatalog, { parse });
  const context = { ...aPlanContext(), catalog, sourceService: 'tests', jobsFor: () => [] };
  const { content, writes, eventId } = planEvent(context, anInvoice(), 'then', undefined);
  const [write] = writes;
  if (write?.kind !== 'create') throw new Error('An event is created.');
  await firestore.doc(write.path).create({ ...write.data, timestamp: new Date() });
  expect(content.schemaVersion).toBe(version);
  return `domain_events/${eventId}`;
}

const idOf = (path: string): string => path.slice('domain_events/'.length);

describe('an event of an older version', () => {
  test('is loaded and listed at the newest, and stays as it was stored', async () => {
    const path = await storeAt(1, { amount: 5 });
    const before = await read(path);
    const newest = { schemaVersion: 2, payload: { amountMinor: 500 } };
    expect(await createEventLoader(firestore, testCatalog)(idOf(path))).toMatchObject(newest);
    const { events: listed } = await listEvents(firestore, testCatalog, {
      orgId: 'org1',
      limit: 9,
    });
    expect(listed).toEqual([expect.objectContaining(newest)]);
    expect(await read(path)).toEqual(before);
    const stored = decodeEvent(before)!;
    expect(stored).toMatchObject({ schemaVersion: 1, payload: { amount: 5 } });
    expect(contentHash(stored)).toBe(listed[0]?.contentHash);
  });

  test('is the same event as one that says the same at the newest', async () => {
    const path = await storeAt(1, { amount: 5 });
    expect(await emit(anInvoice())).toMatchObject({ eventId: idOf(path), duplicate: true });
    const other = emit(anInvoice({ payload: { amountMinor: 501 } }));
    await expect(other).rejects.toMatchObject({ code: 'idempotency-key-reused' });
  });
});

describe('an event of a newer version', () => {
  test('is not loaded, and is listed as it was stored', async () => {
    const path = await storeAt(3, { amounts: [5] });
    const load = createEventLoader(firestore, testCatalog);
    const error = await codedErrorOf(() => load(idOf(path)));
    expect(error).toMatchObject({ code: 'event-unreadable', isUnknown: true });
    const { events: listed } = await listEvents(firestore, testCatalog, {
      orgId: 'org1',
      limit: 9,
    });
    expect(listed).toMatchObject([{ schemaVersion: 3, payload: { amounts: [5] } }]);
  });

  test('is not taken for another event that has its key', async () => {
    await storeAt(3, { amounts: [5] });
    await expect(emit(anInvoice())).rejects.toMatchObject({ code: 'event-unreadable' });
  });
});

test('an alias is stored as its type, and with a key is the same event', async () => {
  const first = await emit(anInvoice({ eventType: 'InvoiceSent' }));
  expect(await read(`domain_events/${first.eventId}`)).toMatchObject({ eventType: 'invoice.sent' });
  expect(await emit(anInvoice())).toEqual({ ...first, duplicate: true });
});
