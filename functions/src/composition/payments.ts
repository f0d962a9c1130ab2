import type { Cause, EmitResult, TypedEventInput } from '#events';
import type { DocumentTransaction, RunTransaction } from '#kernel';
import { hashParts } from '#kernel';
import { handleOnce } from '#outbox';
import type { NoticeHead, PaymentDecision } from '../features/orders/index.ts';
import { keepRefused, readStripeEvent, recordPaymentNotice } from '../features/orders/index.ts';
import type { AnyEvent } from './catalog.ts';

/** What was made of a payment provider's event. */
export type PaymentAnswer =
  | PaymentDecision
  | Extract<ReturnType<typeof readStripeEvent>, { readonly kind: 'other' }>
  /** An event of this id was taken before. */
  | { readonly kind: 'ignore'; readonly why: 'handled-before' };

/** What payment providers tell of orders. */
export interface Payments {
  /**
   * Takes an event of Stripe's whose signature was checked, once by its id: moves the order on and emits, or
   * does nothing, or keeps it in `inbound_refused`. Answers what it did; throws only what is our own failure.
   */
  readonly takeStripeEvent: (said: unknown) => Promise<PaymentAnswer>;
}

export function createPayments(deps: {
  readonly runTransaction: RunTransaction;
  readonly emit: (
    event: TypedEventInput<AnyEvent>,
    options: { readonly transaction: DocumentTransaction; readonly causedBy: Cause },
  ) => Promise<EmitResult>;
}): Payments {
  const takeOnce = (
    { provider, noticeId }: NoticeHead,
    work: (tx: DocumentTransaction) => Promise<PaymentAnswer>,
  ): Promise<PaymentAnswer> => {
    const handling = { subscription: `payments.${provider}`, eventId: noticeId };
    return deps.runTransaction(hashParts(provider, noticeId).slice(0, 20), async (transaction) => {
      const handled = await handleOnce(transaction, handling, work);
      return handled.kind === 'handled' ? handled.result : { kind: 'ignore', why: handled.kind };
    });
  };
  return {
    takeStripeEvent: async (said) => {
      const reading = readStripeEvent(said);
      if (reading.kind === 'other') return reading;
      if (reading.kind === 'unreadable') {
        const reason = 'unreadable';
        return takeOnce(reading.head, async (tx) => {
          await keepRefused(tx, reading.head, reason);
          return { kind: 'refuse', reason };
        });
      }
      return takeOnce(reading.notice, (transaction) =>
        recordPaymentNotice(
          transaction,
          (event, { causedBy }) => deps.emit(event, { transaction, causedBy }),
          reading.notice,
        ),
      );
    },
  };
}
