import { beforeEach, describe, expect, test } from '@jest/globals';
import { call, firestore } from '../../composition/testing/backend.ts';
import { effectsOf, inCollection } from '../../composition/testing/effects.ts';
import { endsOf } from '../../composition/testing/outcomes.ts';
import type { World } from '../../composition/testing/world.ts';
import { aWorld, DOLLARS, EUROS } from '../../composition/testing/world.ts';
import { createInvoice, recordPayment, sendInvoice } from './index.ts';

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
