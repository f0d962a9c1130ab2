import type { Cause, EmitResult, TypedEvent, TypedEventInput } from '#events';
import type { DocumentTransaction } from '#kernel';
import { SERVER_TIME } from '#kernel';
import type { PaymentDecision } from './decide-payment.ts';
import { decidePayment } from './decide-payment.ts';
import type { OrderEvent } from './events.ts';
import type { Order } from './order.ts';
import { aboutOrder, causeOfNext, orderPath, readOrder } from './order.ts';
import type { PaymentNotice } from './payment-notice.ts';
import { keepRefused } from './refused-notice.ts';

/** Emits in the transaction that is under way. */
type EmitCaused = (
  event: TypedEventInput<OrderEvent>,
  options: { readonly causedBy: Cause },
) => Promise<EmitResult>;

/**
 * Takes a notice into account, in the caller's transaction: moves its order on and emits what happened, or
 * does nothing, or keeps it in `inbound_refused` for somebody to look at. That a notice is taken once is
 * the caller's to see to; one that comes again under another id is harmless.
 */
export async function recordPaymentNotice(
  tx: DocumentTransaction,
  emit: EmitCaused,
  notice: PaymentNotice,
): Promise<PaymentDecision> {
  const order = readOrder((await tx.get(orderPath(notice.orderId))).data);
  const decision = decidePayment(order, notice);
  if (decision.kind === 'refuse') await keepRefused(tx, notice, decision.reason);
  if (decision.kind === 'move' && order !== undefined) {
    tx.update(orderPath(notice.orderId), {
      status: decision.status,
      payment: paymentOf(notice),
      updatedAt: SERVER_TIME,
    });
    await emit(eventOf(order, notice), { causedBy: causeOfNext(order) });
  }
  return decision;
}

function paymentOf(notice: PaymentNotice): Readonly<Record<string, unknown>> {
  const { step, at } = notice;
  return step === 'expired' ? { step, at } : { step, at, paymentId: notice.paymentId };
}

function eventOf(order: Order, notice: PaymentNotice): TypedEventInput<OrderEvent> {
  return {
    ...aboutOrder(order),
    actor: { actorType: 'service', actorId: notice.provider },
    occurredAt: notice.at,
    ...contentOf(notice),
  };
}

function contentOf(notice: PaymentNotice): TypedEvent<OrderEvent> {
  switch (notice.step) {
    case 'processing':
      return { eventType: 'order.payment_processing', payload: { paymentId: notice.paymentId } };
    case 'paid': {
      const { amountMinor, currency, paymentId } = notice;
      return { eventType: 'order.paid', payload: { amountMinor, currency, paymentId } };
    }
    case 'failed': {
      const { paymentId, failureCode } = notice;
      return { eventType: 'order.payment_failed', payload: { paymentId, failureCode } };
    }
    case 'expired':
      return { eventType: 'order.checkout_expired', payload: { expiredAt: notice.expiredAt } };
  }
}
