import { beforeEach, describe, expect, test } from '@jest/globals';
import { createClient } from '../clients/index.ts';
import { call, firestore } from '../../composition/testing/backend.ts';
import { effectsOf, inCollection } from '../../composition/testing/effects.ts';
import { endsOf } from '../../composition/testing/outcomes.ts';
import type { World } from '../../composition/testing/world.ts';
import { aWorld, DOLLARS, EUROS } from '../../composition/testing/world.ts';
import { createInvoice, recordPayment, sendInvoice, voidInvoice } from './index.ts';

let world: World;

beforeEach(async () => {
  world = await aWorld();
});

function pay(said: Record<string, unknown> = {}, by = 'ben'): Promise<unknown> {
  const { orgId, sentInvoiceId: invoiceId } = world;
  return call(recordPayment, by, { orgId, invoiceId, ...EUROS, ...said });
}

async function stored(path: string): Promise<unknown> {
  return (await firestore.doc(path).get()).data();
}

describe('an invoice that is paid', () => {
  test('is not paid again, not even with a new key', async () => {
    await pay({ idempotencyKey: 'first' });
    const { written } = await effectsOf(() =>
      expect(pay({ idempotencyKey: 'second' })).rejects.toMatchObject({
        code: 'failed-precondition',
        message: 'The invoice is paid already.',
      }),
    );
    expect(written.size).toBe(0);
  });

  test('is not sent again', async () => {
    await pay();
    const { orgId, sentInvoiceId: invoiceId } = world;
    await expect(call(sendInvoice, 'ben', { orgId, invoiceId })).rejects.toMatchObject({
      code: 'failed-precondition',
    });
  });
});

describe('an invoice that is paid in parts', () => {
  const part = (amountMinor: number, by?: string) => pay({ amountMinor }, by);
  const invoice = () => stored(`invoices/${world.sentInvoiceId}`);

  test('is partially paid until it is paid, and each part is a payment', async () => {
    const { written } = await effectsOf(async () => {
      await part(2_500);
      expect(await invoice()).toMatchObject({ status: 'partially_paid', paidMinor: 2_500 });
      await part(10_000, 'cleo');
    });
    expect(await invoice()).toMatchObject({
      status: 'paid',
      paidMinor: 12_500,
      stream: { version: 4 },
    });
    const events = Object.values(inCollection(written, 'domain_events')) as {
      eventType: string;
      payload: Record<string, unknown>;
    }[];
    const said = events.map(({ eventType, payload: { amountMinor, outstandingMinor } }) =>
      [eventType, amountMinor, outstandingMinor].join(' ').trim(),
    );
    expect(said.toSorted()).toEqual([
      'invoice.paid 10000',
      'invoice.partially_paid 2500 10000',
      'payment.received 10000',
      'payment.received 2500',
    ]);
    expect(Object.keys(inCollection(written, 'payments'))).toHaveLength(2);
  });

  test('is not overpaid, and a payment that is refused leaves nothing', async () => {
    await part(12_499);
    const { written } = await effectsOf(() =>
      expect(part(2)).rejects.toMatchObject({ code: 'failed-precondition' }),
    );
    expect(written.size).toBe(0);
  });

  test('by two at once takes as much as fits', async () => {
    expect(await endsOf([part(7_000), part(7_000, 'cleo')])).toEqual(['failed-precondition', 'ok']);
    expect(await invoice()).toMatchObject({ status: 'partially_paid', paidMinor: 7_000 });
    expect(await endsOf([part(500), part(500, 'cleo')])).toEqual(['ok', 'ok']);
    expect(await invoice()).toMatchObject({ paidMinor: 8_000 });
  });

  test('under one key is paid once', async () => {
    const once = () => pay({ amountMinor: 100, idempotencyKey: 'part' });
    expect(await once()).toEqual(await once());
    expect(await invoice()).toMatchObject({ paidMinor: 100 });
  });
});

describe('an invoice that is taken back', () => {
  const takeBack = (invoiceId = world.sentInvoiceId) =>
    call(voidInvoice, 'ben', { orgId: world.orgId, invoiceId });

  test('is neither paid nor sent nor taken back any more', async () => {
    await takeBack();
    const { orgId, sentInvoiceId: invoiceId } = world;
    const { written } = await effectsOf(async () => {
      const again = [pay(), call(sendInvoice, 'ben', { orgId, invoiceId }), takeBack()];
      expect(await endsOf(again)).toEqual(again.map(() => 'failed-precondition'));
    });
    expect(written.size).toBe(0);
  });

  test('as a draft says of no money', async () => {
    const { written } = await effectsOf(() => takeBack(world.draftInvoiceId));
    const [event] = Object.values(inCollection(written, 'domain_events'));
    expect(event).toMatchObject({ eventType: 'invoice.voided', payload: {} });
    expect(event).not.toHaveProperty('payload.outstandingMinor');
  });

  test('is none that was paid, or in part', async () => {
    await pay({ amountMinor: 1 });
    await expect(takeBack()).rejects.toMatchObject({ code: 'failed-precondition' });
    await pay({ amountMinor: 12_499 });
    await expect(takeBack()).rejects.toMatchObject({ code: 'failed-precondition' });
  });

  test('while it is being paid is either', async () => {
    expect(await endsOf([pay(), takeBack()])).toEqual(['failed-precondition', 'ok']);
  });
});

test('a client of another organization is billed by nobody', async () => {
  const client = { orgId: world.otherOrgId, name: 'Doe', email: 'doe@example.test' };
  const { clientId } = await call(createClient, 'zoe', client);
  const { orgId, matterId } = world;
  await expect(
    call(createInvoice, 'ben', { orgId, matterId, clientId, ...EUROS }),
  ).rejects.toMatchObject({ code: 'failed-precondition' });
});

describe('two payments at once', () => {
  test('pay once: one is recorded, the other refused', async () => {
    const { written, answer } = await effectsOf(() => endsOf([pay(), pay({}, 'cleo')]));
    expect(answer).toEqual(['failed-precondition', 'ok']);
    expect(Object.keys(inCollection(written, 'payments'))).toHaveLength(1);
    expect(Object.keys(inCollection(written, 'domain_events'))).toHaveLength(2);
    expect(await stored(`invoices/${world.sentInvoiceId}`)).toMatchObject({
      status: 'paid',
      stream: { version: 3 },
    });
  });
});

describe('two sendings at once', () => {
  test('send once', async () => {
    const { orgId, draftInvoiceId: invoiceId } = world;
    const send = (): Promise<unknown> => call(sendInvoice, 'ben', { orgId, invoiceId });
    expect(await endsOf([send(), send()])).toEqual(['failed-precondition', 'ok']);
  });
});

describe('an invoice of no matter', () => {
  test('is drafted, sent and paid by an admin, with no word of a matter', async () => {
    const { orgId } = world;
    const { written } = await effectsOf(async () => {
      const { invoiceId } = await call(createInvoice, 'ada', { orgId, ...DOLLARS });
      await call(sendInvoice, 'ada', { orgId, invoiceId });
      await call(recordPayment, 'ada', { orgId, invoiceId, ...DOLLARS });
    });
    const events = Object.values(inCollection(written, 'domain_events'));
    expect(events).toHaveLength(4);
    for (const event of events) expect(event).not.toHaveProperty('matterId');
    const bills = ['invoices', 'payments'].flatMap((name) =>
      Object.values(inCollection(written, name)),
    );
    // Null and not absent: the rules and clients' queries ask for it.
    expect(bills).toEqual([
      expect.objectContaining({ orgId, matterId: null, ...DOLLARS, status: 'paid' }),
      expect.objectContaining({ orgId, matterId: null, ...DOLLARS }),
    ]);
  });
});
