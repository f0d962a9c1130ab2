import { describe, expect, test } from '@jest/globals';
import { stripeEventsOf, T0_S } from '../testing/stripe-events.ts';
import { readStripeEvent } from './read-stripe-event.ts';

const order = { orgId: 'org1', orderId: 'order1', amountMinor: 12_500, currency: 'EUR' };
const tell = stripeEventsOf(order);
const money = { amountMinor: 12_500, currency: 'EUR' };
const paymentId = 'pi_order1';
const paid = { step: 'paid', paymentId, ...money };

describe('an event of an order’s payment', () => {
  test.each([
    [tell.completed(1), paid],
    [tell.completed(1, { payment_intent: { id: paymentId, object: 'payment_intent' } }), paid],
    [tell.completed(1, { payment_intent: null }), { ...paid, paymentId: 'cs_test_a1' }],
    [tell.completed(1, { payment_status: 'no_payment_required' }), paid],
    [tell.completed(1, { payment_status: 'unpaid' }), { step: 'processing', paymentId }],
    [tell.asyncSucceeded(1), paid],
    [tell.asyncFailed(1), { step: 'failed', paymentId, failureCode: 'async_payment_failed' }],
    [
      tell.expired(1),
      { step: 'expired', checkoutId: 'cs_test_a1', expiredAt: new Date((T0_S + 1) * 1_000) },
    ],
    [tell.processing(1), { step: 'processing', paymentId }],
    [tell.succeeded(1), paid],
    [tell.succeeded(1, { amount_received: 12_000 }), { ...paid, amountMinor: 12_000 }],
    [tell.failed(1), { step: 'failed', paymentId, failureCode: 'insufficient_funds' }],
    [
      tell.failed(1, { last_payment_error: { code: 'card_declined' } }),
      { step: 'failed', paymentId, failureCode: 'card_declined' },
    ],
    [
      tell.failed(1, { last_payment_error: null }),
      { step: 'failed', paymentId, failureCode: 'payment_failed' },
    ],
  ])('%# says what happened', (event, said) => {
    const head = { provider: 'stripe', noticeId: event.id, noticeType: event.type };
    const about = { at: new Date((T0_S + 1) * 1_000), orgId: 'org1', orderId: 'order1' };
    expect(readStripeEvent(event)).toEqual({
      kind: 'notice',
      notice: { ...head, ...about, ...said },
    });
  });
});

describe('an event that nothing is done with', () => {
  const { id, created, data, type } = tell.completed(1);

  test.each([
    ['of another type', { id, created, data, type: 'customer.created' }, 'type'],
    ['of a type that objects have', { id, created, data, type: 'constructor' }, 'type'],
    ['of no order', { id, created, type, data: { object: { metadata: {} } } }, 'no-order'],
    ['without metadata', { id, created, type, data: { object: {} } }, 'no-order'],
    ['of another kind', { id: 'evt_1', object: 'v2.core.event', type, created: 'now' }, 'no-event'],
    ['that is none', undefined, 'no-event'],
    ['that is a list', [], 'no-event'],
    ['with a type too long', { id, created, data, type: 'x'.repeat(101) }, 'no-event'],
  ])('%s says why', (_, said, why) => {
    expect(readStripeEvent(said)).toMatchObject({ kind: 'other', why });
  });

  test.each([
    ['an order’s id that is a path', { metadata: { orgId: 'org1', orderId: 'a/b' } }],
    ['no organization', { metadata: { orderId: 'order1' } }],
    ['no amount', { amount_total: null }],
    ['half a cent', { amount_total: 0.5 }],
    ['no status', { payment_status: undefined }],
    ['another status', { payment_status: 'refunded' }],
    ['a currency of four letters', { currency: 'euro' }],
    ['an amount that is a text', { amount_total: '12500' }],
  ])('with %s is unreadable, and says which it is', (_, fields) => {
    expect(readStripeEvent(tell.completed(1, fields))).toEqual({
      kind: 'unreadable',
      head: { provider: 'stripe', noticeId: id, noticeType: type, at: new Date(created * 1_000) },
    });
  });
});
