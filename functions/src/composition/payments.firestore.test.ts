import { beforeEach, describe, expect, test } from '@jest/globals';
import type { StripeEvent } from '../features/orders/testing/stripe-events.ts';
import { stripeEventsOf } from '../features/orders/testing/stripe-events.ts';
import { firestore } from './testing/backend.ts';
import { effectsOf } from './testing/effects.ts';
import type { OrderStage } from './testing/order-stage.ts';
import { countOf, eventsOf, openOrderStage, sendCheckout, take } from './testing/order-stage.ts';
import { EUROS } from './testing/world.ts';

let stage: OrderStage;

beforeEach(async () => {
  stage = await openOrderStage();
});

describe('what a provider tells', () => {
  test('in any order comes to the same: paid, once', async () => {
    await sendCheckout(stage);
    const told = [
      stage.tell.succeeded(3),
      stage.tell.completed(3),
      stage.tell.failed(2),
      stage.tell.processing(1),
      stage.tell.expired(9),
    ];
    const answers = [];
    for (const event of told) answers.push((await take(event)).kind);
    expect(answers).toEqual(['move', 'ignore', 'ignore', 'ignore', 'ignore']);
    expect(await countOf(stage)).toEqual({
      'order.created': 1,
      'order.checkout_sent': 1,
      'order.paid': 1,
    });
  });

  test('five times at once moves the order once', async () => {
    const events = Array.from({ length: 5 }, () => stage.tell.succeeded(1));
    const answers = await Promise.all(events.map(take));
    expect(answers.filter(({ kind }) => kind === 'move')).toHaveLength(1);
    expect(await countOf(stage)).toEqual({ 'order.created': 1, 'order.paid': 1 });
  });

  test('by two notices at once pays once', async () => {
    await Promise.all([take(stage.tell.succeeded(1)), take(stage.tell.completed(1))]);
    expect(await countOf(stage)).toEqual({ 'order.created': 1, 'order.paid': 1 });
  });

  test('a second time writes nothing', async () => {
    await take(stage.tell.failed(1));
    const { written, answer } = await effectsOf(() => take(stage.tell.failed(1)));
    expect(answer).toEqual({ kind: 'ignore', why: 'handled-before' });
    expect([...written.keys()]).toEqual([]);
  });

  test('says when it happened, and who said so', async () => {
    await take(stage.tell.failed(7));
    const failed = (await eventsOf(stage)).find(
      ({ eventType }) => eventType === 'order.payment_failed',
    );
    const said = stage.tell.failed(7).created * 1_000;
    expect(failed).toMatchObject({
      actor: { actorType: 'service', actorId: 'stripe' },
      payload: { paymentId: `pi_${stage.orderId}`, failureCode: 'insufficient_funds' },
    });
    const { occurredAt } = failed as unknown as { occurredAt: { toMillis(): number } };
    expect(occurredAt.toMillis()).toBe(said);
  });
});

describe('what is told and cannot be', () => {
  const kept = async () => (await firestore.collection('inbound_refused').get()).docs;

  /** Takes an event that must change no order and say nothing; answers what is kept of it. */
  async function refused(event: StripeEvent): Promise<Record<string, unknown>> {
    const { written, answer } = await effectsOf(() => take(event));
    expect(answer.kind).toBe('refuse');
    const paths = [...written.keys()].map((path) => path.split('/')[0]);
    expect(new Set(paths)).toEqual(new Set(['inbound_refused', 'inbox']));
    await take(event);
    const [row, ...others] = await kept();
    expect(others).toEqual([]);
    return row?.data() ?? {};
  }

  test('of an order that there is not is kept for a look, once', async () => {
    const { orgId } = stage.world;
    const event = stripeEventsOf({ orgId, orderId: 'none', ...EUROS }).succeeded(1);
    const row = await refused(event);
    const { expireAt, receivedAt, at, ...said } = row as Record<string, { toMillis(): number }>;
    expect(said).toEqual({
      reason: 'unknown-order',
      provider: 'stripe',
      noticeId: event.id,
      noticeType: event.type,
      step: 'paid',
      orgId,
      orderId: 'none',
      paymentId: 'pi_none',
      ...EUROS,
    });
    expect(at?.toMillis()).toBe(event.created * 1_000);
    const days = (expireAt!.toMillis() - receivedAt!.toMillis()) / 86_400_000;
    expect(days).toBeGreaterThan(89.9);
    expect(days).toBeLessThan(90.1);
  });

  test('of another organization’s order is kept the same way', async () => {
    const { world, orderId } = stage;
    const other = stripeEventsOf({ orgId: world.otherOrgId, orderId, ...EUROS });
    expect(await refused(other.succeeded(1))).toMatchObject({ reason: 'tenant-mismatch' });
  });

  test('of other money than the order’s is kept the same way', async () => {
    const event = stage.tell.succeeded(1, { amount_received: 1 });
    expect(await refused(event)).toMatchObject({ reason: 'amount-mismatch', amountMinor: 1 });
  });

  test('of a second payment is kept the same way', async () => {
    await take(stage.tell.succeeded(1));
    const second = stage.tell.succeeded(2, { id: 'pi_second' });
    expect(await refused(second)).toMatchObject({ reason: 'paid-twice', paymentId: 'pi_second' });
  });

  test('that cannot be read is kept by its id alone', async () => {
    const event = stage.tell.completed(1, { amount_total: 'x'.repeat(10_000) });
    const row = await refused(event);
    expect(Object.keys(row).toSorted()).toEqual(
      ['at', 'expireAt', 'noticeId', 'noticeType', 'provider', 'reason', 'receivedAt'].toSorted(),
    );
  });

  test('of no order, or of a type that nothing is done with, writes nothing', async () => {
    const { written } = await effectsOf(async () => {
      await take(stage.tell.succeeded(1, { metadata: {} }));
      await take({ ...stage.tell.succeeded(1), type: 'customer.created' });
    });
    expect([...written.keys()]).toEqual([]);
  });
});
