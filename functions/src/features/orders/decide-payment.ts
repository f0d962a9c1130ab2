import type { Order } from './order.ts';
import type { OrderStatus } from './order-states.ts';
import { mayBecome } from './order-states.ts';
import type { PaymentNotice, PaymentStep } from './payment-notice.ts';
import { PAYMENT_STEPS } from './payment-notice.ts';

/** Why a notice is kept for somebody to look at. */
export type RefusalReason =
  | 'unreadable'
  | 'unknown-order'
  | 'tenant-mismatch'
  | 'amount-mismatch'
  | 'paid-twice';

/** What is to be made of a notice. */
export type PaymentDecision =
  | { readonly kind: 'move'; readonly status: OrderStatus }
  /** It says nothing new, or what something later has overtaken. */
  | { readonly kind: 'ignore'; readonly why: 'repeated' | 'late' }
  | { readonly kind: 'refuse'; readonly reason: RefusalReason };

const STATUS_OF: Readonly<Record<PaymentStep, OrderStatus>> = {
  processing: 'payment_processing',
  paid: 'paid',
  failed: 'payment_failed',
  expired: 'checkout_expired',
};

/** Decides what an order makes of a notice about it; notices come in any order, and more than once. */
export function decidePayment(order: Order | undefined, notice: PaymentNotice): PaymentDecision {
  if (order === undefined) return { kind: 'refuse', reason: 'unknown-order' };
  if (order.orgId !== notice.orgId) return { kind: 'refuse', reason: 'tenant-mismatch' };
  if (notice.step === 'paid') return decidePaid(order, notice);
  if (isOvertaken(order, notice) || !mayBecome(order.status, STATUS_OF[notice.step])) {
    return { kind: 'ignore', why: 'late' };
  }
  return { kind: 'move', status: STATUS_OF[notice.step] };
}

/** Money that came in is never late, but it has to be the order's, and to come in once. */
function decidePaid(
  order: Order,
  notice: Extract<PaymentNotice, { readonly step: 'paid' }>,
): PaymentDecision {
  if (order.status === 'paid') {
    const isSame = order.payment?.paymentId === notice.paymentId;
    return isSame ? { kind: 'ignore', why: 'repeated' } : { kind: 'refuse', reason: 'paid-twice' };
  }
  if (notice.amountMinor !== order.amountMinor || notice.currency !== order.currency) {
    return { kind: 'refuse', reason: 'amount-mismatch' };
  }
  return { kind: 'move', status: 'paid' };
}

/** Whether something later is known already, or it is about a link that another has replaced. */
function isOvertaken(order: Order, notice: PaymentNotice): boolean {
  if (notice.step === 'expired' && notice.checkoutId !== order.checkoutId) return true;
  const last = order.payment;
  if (last === undefined) return false;
  const laterMs = notice.at.getTime() - last.atMs;
  const further = PAYMENT_STEPS.indexOf(notice.step) - PAYMENT_STEPS.indexOf(last.step);
  return laterMs < 0 || (laterMs === 0 && further <= 0);
}
