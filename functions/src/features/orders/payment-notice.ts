/** How far a payment came, in the order in which of two at one time the later one counts. */
export const PAYMENT_STEPS = ['processing', 'failed', 'expired', 'paid'] as const;
export type PaymentStep = (typeof PAYMENT_STEPS)[number];

/** Which notice it is. */
export interface NoticeHead {
  /** `stripe` */
  readonly provider: string;
  /** The provider's id of this notice: it comes again with the same, and counts once. */
  readonly noticeId: string;
  /** The provider's word for what happened. */
  readonly noticeType: string;
  /** When it happened, by the provider's clock: notices come in any order. */
  readonly at: Date;
}

interface Notice extends NoticeHead {
  /** The order it is said to be about, and whose that is: neither has been looked up. */
  readonly orgId: string;
  readonly orderId: string;
}

/** A payment provider's word on the payment of an order. */
export type PaymentNotice = Notice &
  (
    | { readonly step: 'processing'; readonly paymentId: string }
    | {
        readonly step: 'paid';
        readonly paymentId: string;
        readonly amountMinor: number;
        /** ISO 4217, upper case. */
        readonly currency: string;
      }
    | { readonly step: 'failed'; readonly paymentId: string; readonly failureCode: string }
    | { readonly step: 'expired'; readonly checkoutId: string; readonly expiredAt: Date }
  );
