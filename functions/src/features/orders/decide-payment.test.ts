import { describe, expect, test } from '@jest/globals';
import {
  array,
  assert,
  constantFrom,
  integer,
  property,
  shuffledSubarray,
  tuple,
} from 'fast-check';
import { decidePayment } from './decide-payment.ts';
import type { Order } from './order.ts';
import type { OrderStatus } from './order-states.ts';
import { ORDER_STATUSES } from './order-states.ts';
import type { PaymentNotice, PaymentStep } from './payment-notice.ts';
import { PAYMENT_STEPS } from './payment-notice.ts';

const MONEY = { amountMinor: 12_500, currency: 'EUR' };

function anOrder(fields: Partial<Order> = {}): Order {
  return {
    orgId: 'org1',
    orderId: 'order1',
    matterId: undefined,
    clientId: 'client1',
    ...MONEY,
    lines: [],
    status: 'checkout_sent',
    correlationId: 'c1',
    checkoutId: 'cs_1',
    version: 2,
    ...fields,
  };
}

function aNotice(step: PaymentStep, fields: Partial<PaymentNotice> = {}): PaymentNotice {
  const about = { provider: 'stripe', noticeId: 'evt_1', noticeType: 't', orgId: 'org1' };
  const expired = { checkoutId: 'cs_1', expiredAt: new Date(0) };
  const of = { ...MONEY, ...expired, paymentId: 'pi_1', failureCode: 'declined' };
  return { ...about, orderId: 'order1', at: new Date(5_000), ...of, step, ...fields };
}

const moved = (status: OrderStatus) => ({ kind: 'move', status });
const LATE = { kind: 'ignore', why: 'late' };

describe('a notice takes an order', () => {
  const table: [OrderStatus, PaymentStep, unknown][] = [
    ['created', 'processing', moved('payment_processing')],
    ['created', 'failed', moved('payment_failed')],
    ['created', 'paid', moved('paid')],
    ['created', 'expired', LATE],
    ['checkout_sent', 'processing', moved('payment_processing')],
    ['checkout_sent', 'failed', moved('payment_failed')],
    ['checkout_sent', 'paid', moved('paid')],
    ['checkout_sent', 'expired', moved('checkout_expired')],
    ['payment_processing', 'processing', LATE],
    ['payment_processing', 'failed', moved('payment_failed')],
    ['payment_processing', 'paid', moved('paid')],
    ['payment_processing', 'expired', LATE],
    ['payment_failed', 'processing', moved('payment_processing')],
    ['payment_failed', 'failed', moved('payment_failed')],
    ['payment_failed', 'paid', moved('paid')],
    ['payment_failed', 'expired', moved('checkout_expired')],
    ['checkout_expired', 'processing', LATE],
    ['checkout_expired', 'failed', LATE],
    ['checkout_expired', 'paid', moved('paid')],
    ['checkout_expired', 'expired', LATE],
    ['paid', 'processing', LATE],
    ['paid', 'failed', LATE],
    ['paid', 'expired', LATE],
  ];

  test.each(table)('that is %s, by %s', (status, step, decision) => {
    expect(decidePayment(anOrder({ status }), aNotice(step))).toEqual(decision);
  });

  test('of every status by every step, but for a second payment', () => {
    expect(table).toHaveLength(ORDER_STATUSES.length * PAYMENT_STEPS.length - 1);
  });
});

describe('a notice that something later has overtaken', () => {
  const failedAt = (atMs: number) =>
    anOrder({ status: 'payment_failed', payment: { step: 'failed', atMs, paymentId: 'pi_1' } });

  test.each<[string, number, unknown]>([
    ['happened before', 5_001, LATE],
    ['happened at the same second, and says less', 5_000, LATE],
    ['happened after', 4_999, moved('payment_processing')],
  ])('%s', (_, lastMs, decision) => {
    expect(decidePayment(failedAt(lastMs), aNotice('processing'))).toEqual(decision);
  });

  test('of the same second counts where it says more', () => {
    expect(decidePayment(failedAt(5_000), aNotice('expired'))).toEqual(moved('checkout_expired'));
  });

  test('is the same once more: what happened twice in one second moves an order once', () => {
    expect(decidePayment(failedAt(5_000), aNotice('failed', { noticeId: 'evt_2' }))).toEqual(LATE);
  });

  test('is never one of money that came in', () => {
    expect(decidePayment(failedAt(9_000), aNotice('paid'))).toEqual(moved('paid'));
  });

  test('is one of a link that another has replaced', () => {
    const order = anOrder({ checkoutId: 'cs_2' });
    expect(decidePayment(order, aNotice('expired'))).toEqual(LATE);
  });
});

describe('money that came in', () => {
  const paid = anOrder({
    status: 'paid',
    payment: { step: 'paid', atMs: 5_000, paymentId: 'pi_1' },
  });

  test('says nothing new the second time', () => {
    expect(decidePayment(paid, aNotice('paid'))).toEqual({ kind: 'ignore', why: 'repeated' });
  });

  test.each<[string, Order | undefined, Partial<PaymentNotice>, string]>([
    ['by another payment', paid, { paymentId: 'pi_2' }, 'paid-twice'],
    ['a cent too little', anOrder(), { amountMinor: 12_499 }, 'amount-mismatch'],
    ['a cent too much', anOrder(), { amountMinor: 12_501 }, 'amount-mismatch'],
    ['in another currency', anOrder(), { currency: 'USD' }, 'amount-mismatch'],
    ['for no order', undefined, {}, 'unknown-order'],
    ['for another organization’s', anOrder({ orgId: 'org2' }), {}, 'tenant-mismatch'],
  ])('%s is refused', (_, order, fields, reason) => {
    expect(decidePayment(order, aNotice('paid', fields))).toEqual({ kind: 'refuse', reason });
  });
});

/** The order as it is when it was told these, and how often it was paid. */
function toldAll(told: readonly PaymentNotice[]): { order: Order; payments: number } {
  const story = { order: anOrder(), payments: 0 };
  for (const notice of told) {
    const decision = decidePayment(story.order, notice);
    if (decision.kind !== 'move') continue;
    const { step, at } = notice;
    const payment = { step, atMs: at.getTime(), paymentId: 'pi_1' };
    story.order = anOrder({ status: decision.status, payment });
    story.payments += decision.status === 'paid' ? 1 : 0;
  }
  return story;
}

const steps = constantFrom(...PAYMENT_STEPS);
const times = integer({ min: 0, max: 5 }).map((second) => new Date(second * 1_000));
const notices = array(tuple(steps, times), { maxLength: 20 }).map((told) =>
  told.map(([step, at]) => aNotice(step, { at })),
);

test('whatever is told, in any order and however often: once paid it stays so, and is paid once', () => {
  assert(
    property(notices, (told) => {
      const { order, payments } = toldAll(told);
      const wasPaid = told.some(({ step }) => step === 'paid');
      expect([order.status === 'paid', payments]).toEqual([wasPaid, wasPaid ? 1 : 0]);
    }),
  );
});

const tries = (['processing', 'failed', 'processing', 'failed'] as const).map((step, second) =>
  aNotice(step, { at: new Date(second * 1_000) }),
);

test('in whatever order the tries of a payment are told, the last one is what is left', () => {
  assert(
    property(shuffledSubarray(tries, { minLength: tries.length }), (told) => {
      expect(toldAll(told).order.status).toBe('payment_failed');
    }),
  );
});
