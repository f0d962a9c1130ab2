import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Timestamp } from 'firebase-admin/firestore';
import { DAY_MS } from '#kernel';
import { backend, call, firestore, logs } from '../../composition/testing/backend.ts';
import { effectsOf, inCollection } from '../../composition/testing/effects.ts';
import type { World } from '../../composition/testing/world.ts';
import { aWorld, DOLLARS, EUROS } from '../../composition/testing/world.ts';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { measure } from '../../kernel/testing/meter.ts';
import { createInvoice, recordPayment, sendInvoice, voidInvoice } from './index.ts';

const LONG_AGO = '2020-01-31T00:00:00Z';
const NEVER = '9000-01-01T00:00:00Z';
/** As late as anybody looks: what is to come stays out by the server's time. */
const THROUGH_MS = Date.parse('9999-01-01T00:00:00Z');

let world: World;

beforeEach(async () => {
  await clearFirestore(firestore);
  world = await aWorld();
});

/** A draft over 125.00 EUR in the matter, due long ago. */
async function aDraft(dueAt: string | undefined = LONG_AGO): Promise<string> {
  const { orgId, matterId } = world;
  const due = dueAt === '' ? {} : { dueAt };
  const { invoiceId } = await call(createInvoice, 'ben', { orgId, matterId, ...EUROS, ...due });
  return String(invoiceId);
}

async function aSentInvoice(dueAt?: string): Promise<string> {
  const invoiceId = await aDraft(dueAt);
  await call(sendInvoice, 'ben', { orgId: world.orgId, invoiceId });
  return invoiceId;
}

function look(throughMs = THROUGH_MS) {
  return backend.markOverdueInvoices({ throughMs, hasTimeLeft: () => true });
}

async function overdueIds(): Promise<string[]> {
  const { docs } = await firestore
    .collection('domain_events')
    .where('eventType', '==', 'invoice.overdue')
    .get();
  return docs.map((event) => String(event.get('entityId'))).toSorted();
}

describe('an invoice that is not paid in time', () => {
  test('is found overdue once, by the system, with what is open of it', async () => {
    const invoiceId = await aSentInvoice();
    const { orgId, matterId } = world;
    await call(recordPayment, 'ben', { orgId, invoiceId, ...EUROS, amountMinor: 500 });
    const { written, answer } = await effectsOf(() => look());
    expect(answer).toEqual({ overdue: 1, failed: 0, isComplete: true });
    const [event, ...others] = Object.values(inCollection(written, 'domain_events'));
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      orgId,
      matterId,
      eventType: 'invoice.overdue',
      entityId: invoiceId,
      streamVersion: 4,
      actor: { actorType: 'system', actorId: 'daily-maintenance' },
      payload: { currency: 'EUR', outstandingMinor: 12_000 },
    });
    const { dueAt } = (event as { payload: { dueAt: Timestamp } }).payload;
    expect(dueAt.toDate()).toEqual(new Date(LONG_AGO));
    const invoice = (await firestore.doc(`invoices/${invoiceId}`).get()).data();
    expect(invoice).toMatchObject({ status: 'partially_paid', overdueAt: expect.anything() });

    const again = await effectsOf(() => look());
    expect(again.answer).toEqual({ overdue: 0, failed: 0, isComplete: true });
    expect([...again.written.keys()]).toEqual([]);
    // What is left of it can be paid, in parts, and it is not found again.
    await call(recordPayment, 'ben', { orgId, invoiceId, ...EUROS, amountMinor: 500 });
    expect((await look()).overdue).toBe(0);
    expect(await overdueIds()).toEqual([invoiceId]);
  });

  test('by two looks at once is found by one of them', async () => {
    const ids = [await aSentInvoice(), await aSentInvoice()];
    const reports = await Promise.all([look(), look()]);
    expect(reports[0].overdue + reports[1].overdue).toBe(2);
    expect(reports.map(({ failed }) => failed)).toEqual([0, 0]);
    expect(await overdueIds()).toEqual(ids.toSorted());
  });

  test('is found in every organization, of a matter or of none', async () => {
    const invoiceId = await aSentInvoice();
    const { otherOrgId: orgId } = world;
    const others = { orgId, ...DOLLARS, dueAt: LONG_AGO };
    const { invoiceId: otherId } = await call(createInvoice, 'zoe', others);
    await call(sendInvoice, 'zoe', { orgId, invoiceId: otherId });
    expect((await look()).overdue).toBe(2);
    expect(await overdueIds()).toEqual([invoiceId, String(otherId)].toSorted());
  });
});

describe('nothing is overdue', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['that is a draft', () => aDraft()],
    ['that is due some day', () => aSentInvoice(NEVER)],
    ['that is due at no time', () => aSentInvoice('')],
    [
      'that is paid',
      async () => {
        const invoiceId = await aSentInvoice();
        await call(recordPayment, 'ben', { orgId: world.orgId, invoiceId, ...EUROS });
      },
    ],
    [
      'that was taken back',
      async () => {
        const invoiceId = await aSentInvoice();
        await call(voidInvoice, 'ben', { orgId: world.orgId, invoiceId });
      },
    ],
  ])('%s', async (_, prepare) => {
    await prepare();
    const { written, answer } = await effectsOf(() => look());
    expect(answer).toEqual({ overdue: 0, failed: 0, isComplete: true });
    expect(written.size).toBe(0);
  });
});

/** Sent invoices of nobody's, as rows: far more than anybody drafts by hand. */
async function manyInvoices(count: number, said: object = {}): Promise<void> {
  const batch = firestore.batch();
  for (let n = 0; n < count; n += 1) {
    const dueAt = new Date(Date.parse(LONG_AGO) + (n % 3) * DAY_MS);
    const times = { dueAt, overdueFrom: dueAt };
    const invoice = { orgId: world.orgId, status: 'sent', ...EUROS, ...times, ...said };
    batch.create(firestore.doc(`invoices/many-${String(n).padStart(3, '0')}`), invoice);
  }
  await batch.commit();
}

describe('many invoices', () => {
  test('are found page by page, each with its price', async () => {
    await manyInvoices(210);
    const billed = await measure(firestore, async () => {
      expect(await look()).toEqual({ overdue: 210, failed: 0, isComplete: true });
    });
    // Of each: found, and read again with its stream's head on it; itself, its event, two jobs.
    expect(billed).toMatchObject({ reads: 420, writes: 840, deletes: 0 });
    expect(await overdueIds()).toHaveLength(210);
  });

  test('that are no invoices keep nothing from those that are', async () => {
    await manyInvoices(210, { status: 'none of ours' });
    const invoiceId = await aSentInvoice('2021-01-01T00:00:00Z');
    expect(await look()).toEqual({ overdue: 1, failed: 0, isComplete: true });
    expect(await overdueIds()).toEqual([invoiceId]);
  });

  test('of which one fails are found all the same, and it is told', async () => {
    const invoiceId = await aSentInvoice();
    // An amount of a fraction: no event takes it.
    await manyInvoices(1, { amountMinor: 0.5 });
    expect(await look()).toEqual({ overdue: 1, failed: 1, isComplete: true });
    expect(await overdueIds()).toEqual([invoiceId]);
    expect(logs.entries).toContainEqual(
      expect.objectContaining({ severity: 'ERROR', invoiceId: 'many-000' }),
    );
  });

  test('for which there is no time are left for the next look', async () => {
    await manyInvoices(50);
    let groups = 0;
    const hasTimeLeft = () => (groups += 1) <= 2;
    const first = await backend.markOverdueInvoices({ throughMs: THROUGH_MS, hasTimeLeft });
    expect(first).toEqual({ overdue: 20, failed: 0, isComplete: false });
    expect(await look()).toEqual({ overdue: 30, failed: 0, isComplete: true });
  });
});

test('nobody looks further than asked', async () => {
  await aSentInvoice();
  expect((await look(Date.parse(LONG_AGO) - 1)).overdue).toBe(0);
  expect((await look(Date.parse(LONG_AGO))).overdue).toBe(1);
});
