/** Which order, and what of it. */
export interface StripeAbout {
  readonly orgId: string;
  readonly orderId: string;
  readonly amountMinor: number;
  readonly currency: string;
}

/** As much of an event of Stripe's as is looked at, and some that is not. */
export interface StripeEvent {
  readonly id: string;
  readonly type: string;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly data: { readonly object: Readonly<Record<string, unknown>> };
}

/** When the first event of a story happens, in seconds since the epoch. */
export const T0_S = 1_893_456_000;

/** Events of Stripe's about one order; `at` is seconds after `T0_S`, of which the event's id is made, too. */
export function stripeEventsOf(order: StripeAbout): StripeTeller {
  const { orgId, orderId, amountMinor, currency } = order;
  const metadata = { orgId, orderId };
  const paymentId = `pi_${orderId}`;
  const event = (type: string, at: number, object: object): StripeEvent => ({
    id: `evt_${orderId}_${type.replaceAll('.', '_')}_${at}`,
    type,
    created: T0_S + at,
    data: { object: { metadata, livemode: false, ...object } },
  });
  const session = {
    id: 'cs_test_a1',
    object: 'checkout.session',
    payment_intent: paymentId,
    amount_total: amountMinor,
    currency: currency.toLowerCase(),
  };
  const intent = { id: paymentId, object: 'payment_intent', amount: amountMinor };
  return {
    completed: (at, fields) =>
      event('checkout.session.completed', at, { ...session, payment_status: 'paid', ...fields }),
    asyncSucceeded: (at) =>
      event('checkout.session.async_payment_succeeded', at, { ...session, payment_status: 'paid' }),
    asyncFailed: (at) =>
      event('checkout.session.async_payment_failed', at, { ...session, payment_status: 'unpaid' }),
    expired: (at, fields) =>
      event('checkout.session.expired', at, { ...session, expires_at: T0_S + at, ...fields }),
    processing: (at) => event('payment_intent.processing', at, intent),
    succeeded: (at, fields) =>
      event('payment_intent.succeeded', at, {
        ...intent,
        amount_received: amountMinor,
        currency: currency.toLowerCase(),
        ...fields,
      }),
    failed: (at, fields) =>
      event('payment_intent.payment_failed', at, {
        ...intent,
        last_payment_error: { code: 'card_declined', decline_code: 'insufficient_funds' },
        ...fields,
      }),
  };
}

type Tell = (at: number, fields?: object) => StripeEvent;

/** Makes events of one order; `fields` replace some of the object that an event is about. */
export interface StripeTeller {
  readonly completed: Tell;
  readonly asyncSucceeded: Tell;
  readonly asyncFailed: Tell;
  readonly expired: Tell;
  readonly processing: Tell;
  readonly succeeded: Tell;
  readonly failed: Tell;
}
