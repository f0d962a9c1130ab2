import { beforeEach, describe, expect, test } from '@jest/globals';
import { runJobsNow } from '#outbox';
import { stripeEventsOf } from '../features/orders/testing/stripe-events.ts';
import * as commands from './commands.ts';
import { backend, call, firestore, logs } from './testing/backend.ts';
import { effectsOf, inCollection } from './testing/effects.ts';
import type { OrderStage, StoredEvent } from './testing/order-stage.ts';
import {
  CHECKOUT,
  countOf,
  eventsOf,
  openOrderStage,
  sendCheckout,
  settle,
  statusOf,
  take,
  tick,
  workerBy,
} from './testing/order-stage.ts';
import { EUROS } from './testing/world.ts';

let stage: OrderStage;

beforeEach(async () => {
  stage = await openOrderStage();
});

const FULFILLED = {
  'fulfillment.created': 1,
  'invoice.issued': 1,
  'payment.received': 1,
  'invoice.paid': 1,
  'shipment.drafted': 2,
};

async function shipmentIds(): Promise<string[]> {
  const events = await eventsOf(stage);
  return events
    .filter(({ eventType }) => eventType === 'shipment.drafted')
    .map(({ entityId }) => entityId);
}

describe('an order from its creation to its delivery', () => {
  test('is one correlation, in which every event has its cause', async () => {
    await sendCheckout(stage);
    await tick();
    await take(stage.tell.processing(1));
    await take(stage.tell.succeeded(2));
    await settle();
    const { orgId } = stage.world;
    for (const shipmentId of await shipmentIds()) {
      await call(commands.markShipmentReady, 'ben', { orgId, shipmentId });
      await call(commands.markShipmentInTransit, 'cleo', { orgId, shipmentId, carrier: 'DHL' });
      await call(commands.markShipmentDelivered, 'ada', { orgId, shipmentId });
      expect(await statusOf(`shipments/${shipmentId}`)).toBe('delivered');
    }
    await tick();

    expect(await countOf(stage)).toEqual({
      'order.created': 1,
      'order.checkout_sent': 1,
      'order.payment_processing': 1,
      'order.paid': 1,
      ...FULFILLED,
      'shipment.ready': 2,
      'shipment.in_transit': 2,
      'shipment.delivered': 2,
    });
    const events = await eventsOf(stage);
    expect(new Set(events.map(({ metadata }) => metadata.correlationId))).toEqual(
      new Set(['the-order']),
    );
    const byId = new Map(events.map((event) => [event.eventId, event]));
    for (const event of events) expect(rootOf(event, byId)).toBe('order.created');
    const causes = events.map(({ eventType, metadata: { causationId = '' } }) => [
      eventType,
      byId.get(causationId)?.eventType,
    ]);
    expect(Object.fromEntries(causes)).toEqual({
      'order.created': undefined,
      'order.checkout_sent': 'order.created',
      'order.payment_processing': 'order.checkout_sent',
      'order.paid': 'order.payment_processing',
      'fulfillment.created': 'order.paid',
      'invoice.issued': 'order.paid',
      'payment.received': 'order.paid',
      'invoice.paid': 'order.paid',
      'shipment.drafted': 'order.paid',
      'shipment.ready': 'shipment.drafted',
      'shipment.in_transit': 'shipment.ready',
      'shipment.delivered': 'shipment.in_transit',
    });
  });

  test('leaves a log that verifies, heads and all', async () => {
    await sendCheckout(stage);
    await take(stage.tell.succeeded(1));
    await settle();
    const report = await backend.integrity.verifyIntegrity(stage.world.orgId);
    expect(report.findings).toEqual([]);
  });

  test('is of the matter at every step, and of the client at its beginning', async () => {
    await take(stage.tell.succeeded(1));
    await tick();
    for (const event of await eventsOf(stage)) {
      expect(event.related).toContain(`matter:${stage.world.matterId}`);
    }
    const [invoice] = (
      await firestore.collection('invoices').where('orderId', '==', stage.orderId).get()
    ).docs;
    expect(invoice?.data()).toMatchObject({
      status: 'paid',
      paidMinor: EUROS.amountMinor,
      ...EUROS,
      clientId: stage.world.clientId,
      matterId: stage.world.matterId,
    });
  });
});

function rootOf(event: StoredEvent, byId: ReadonlyMap<string, StoredEvent>): string {
  const { causationId } = event.metadata;
  if (causationId === undefined) return event.eventType;
  const cause = byId.get(causationId);
  return cause === undefined ? 'an event that is not there' : rootOf(cause, byId);
}

describe('the link to pay', () => {
  async function linksSent(): Promise<Record<string, unknown>[]> {
    const { docs } = await firestore
      .collection('outbox')
      .where('recipientUid', '==', `contact-${stage.world.clientId}`)
      .get();
    return docs.map((row) => row.data());
  }

  test('reaches the client, who has no account, in one e-mail', async () => {
    await sendCheckout(stage);
    await Promise.all([tick(), tick()]);
    await settle();
    const [mail, ...others] = await linksSent();
    expect(others).toEqual([]);
    expect(mail).toMatchObject({
      jobType: 'email',
      status: 'sent',
      metadata: { correlationId: 'the-order' },
      payload: {
        to: 'roe@example.test',
        subject: 'Your order',
        text: expect.stringContaining(CHECKOUT.checkoutUrl),
      },
    });
  });

  test('goes out once more when it is sent once more', async () => {
    await sendCheckout(stage);
    await settle();
    await sendCheckout(stage);
    await settle();
    expect((await linksSent()).map(({ status }) => status)).toEqual(['sent', 'sent']);
  });

  test('and whom it goes to are in no event, no notification and no line of the log', async () => {
    logs.entries.length = 0;
    const { written } = await effectsOf(async () => {
      await sendCheckout(stage);
      await settle();
    });
    const open = [
      logs.entries,
      inCollection(written, 'domain_events'),
      inCollection(written, 'notifications'),
    ];
    expect(logs.entries.map(({ recipientUid }) => recipientUid)).toContain(
      `contact-${stage.world.clientId}`,
    );
    expect(JSON.stringify(open)).not.toMatch(/roe@|checkout\.example/);
  });

  test('of a client who is gone is a dead letter that says so', async () => {
    await firestore.doc(`clients/${stage.world.clientId}`).delete();
    await sendCheckout(stage);
    await settle();
    const { docs } = await firestore
      .collection('outbox')
      .where('jobType', '==', 'order_checkout')
      .get();
    const [row] = docs;
    expect([row?.get('status'), row?.get('lastError.code')]).toEqual(['failed', 'no-client']);
    expect(await linksSent()).toEqual([]);
  });

  test('is not sent of an order that is paid, or whose payment is under way', async () => {
    await take(stage.tell.processing(1));
    await expect(sendCheckout(stage)).rejects.toMatchObject({ code: 'failed-precondition' });
    await take(stage.tell.succeeded(2));
    await expect(sendCheckout(stage)).rejects.toMatchObject({ code: 'failed-precondition' });
  });

  test('is sent again of one that expired, and what is told of the first no longer counts', async () => {
    await sendCheckout(stage);
    expect(await take(stage.tell.expired(1))).toEqual({ kind: 'move', status: 'checkout_expired' });
    await sendCheckout(stage, { checkoutId: 'cs_test_b2' });
    expect(await take(stage.tell.expired(5))).toEqual({ kind: 'ignore', why: 'late' });
    expect(await statusOf(`orders/${stage.orderId}`)).toBe('checkout_sent');
  });
});

type JobRow = { readonly status: string };

describe('a paid order is fulfilled once', () => {
  async function jobsOf(jobType: string): Promise<string[]> {
    const { docs } = await firestore.collection('outbox').where('jobType', '==', jobType).get();
    return docs.map(({ id }) => id);
  }

  test('by jobs that trigger and ticks run at the same time', async () => {
    await take(stage.tell.succeeded(1));
    const jobs = [...(await jobsOf('fulfillment')), ...(await jobsOf('order_invoice'))];
    expect(jobs).toHaveLength(2);
    await Promise.all([tick(), runJobsNow(workerBy('trigger'), jobs), tick()]);
    await tick();
    expect(await countOf(stage)).toMatchObject(FULFILLED);
  });

  test('also where a job runs again from the start, as after a redrive or in a replay', async () => {
    await take(stage.tell.succeeded(1));
    await settle();
    for (const jobType of ['fulfillment', 'order_invoice']) {
      const [id = ''] = await jobsOf(jobType);
      const row = await firestore.doc(`outbox/${id}`).get();
      const again = { status: 'pending', attempts: 0, nextAttemptAt: row.get('openedAt') };
      await row.ref.update(again);
    }
    const { written } = await effectsOf(tick);
    const rows = [...(await jobsOf('fulfillment')), ...(await jobsOf('order_invoice'))];
    const ended = [...written].map(([path, { data }]) => [path, (data as JobRow).status]);
    expect(Object.fromEntries(ended)).toEqual(
      Object.fromEntries(rows.map((id) => [`outbox/${id}`, 'sent'])),
    );
    expect(await countOf(stage)).toMatchObject(FULFILLED);
  });

  test('of at most twenty lines, each a shipment, in one commit', async () => {
    const { orgId, clientId } = stage.world;
    const lines = Array.from({ length: 20 }, () => ({
      title: 'x'.repeat(200),
      quantity: 1,
      unitAmountMinor: 100,
    }));
    const said = { orgId, clientId, currency: 'EUR', lines };
    const orderId = String((await call(commands.createOrder, 'ada', said))['orderId']);
    const order = { orgId, orderId, amountMinor: 2_000, currency: 'EUR' };
    await take(stripeEventsOf(order).completed(1));
    await tick();
    const rows = await firestore.collection('shipments').where('orderId', '==', orderId).get();
    const commits = new Set(rows.docs.map(({ createTime }) => createTime.toMillis()));
    expect([rows.size, commits.size]).toEqual([20, 1]);
  });
});
