import { z } from 'zod';
import { ownValue } from '#kernel';
import type { NoticeHead, PaymentNotice } from '../payment-notice.ts';

/** Something that Stripe sends by its id, or whole where it was asked to. */
const reference = z
  .union([z.string(), z.object({ id: z.string() })])
  .transform((said) => (typeof said === 'string' ? said : said.id));
/** What a Stripe id and ours have in common. */
const id = z.string().regex(/^[A-Za-z0-9_-]{1,128}$/);
const seconds = z.int().transform((since) => new Date(since * 1_000));
const currency = z
  .string()
  .regex(/^[a-z]{3}$/)
  .transform((code) => code.toUpperCase());
const amount = z.int().positive();

/** Whoever makes a checkout writes there which order it is for. */
const ofOrder = z.object({ metadata: z.object({ orgId: id, orderId: id }) });
/** Whether it says of any order that it is for it. */
const saysOrder = z.object({ metadata: z.object({ orderId: z.string() }) });

const stripeEvent = z.object({
  id,
  type: z.string().min(1).max(100),
  created: seconds,
  data: z.object({ object: z.record(z.string(), z.unknown()) }),
});

const session = z.object({
  id,
  payment_status: z.enum(['paid', 'unpaid', 'no_payment_required']),
  payment_intent: reference.pipe(id).nullish(),
  amount_total: amount,
  currency,
});
const expiredSession = z.object({ id, expires_at: seconds });
const intent = z.object({ id });
const paidIntent = z.object({ id, amount_received: amount, currency });
const failedIntent = z.object({
  id,
  last_payment_error: z
    .object({ code: z.string().nullish(), decline_code: z.string().nullish() })
    .nullish(),
});

/** What a signed body comes to. */
export type StripeReading =
  | { readonly kind: 'notice'; readonly notice: PaymentNotice }
  /** Nothing that this backend acts on: no event of the kind it reads, another type, or no order’s payment. */
  | {
      readonly kind: 'other';
      readonly why: 'no-event' | 'type' | 'no-order';
      readonly type: string;
    }
  /** It names an order and does not say what it should: wrong ids, or another version of Stripe’s API. */
  | { readonly kind: 'unreadable'; readonly head: NoticeHead };

/** What a notice of one type says beside what all of them do. */
type Said = PaymentNotice extends infer Notice
  ? Notice extends PaymentNotice
    ? Omit<Notice, 'provider' | 'noticeId' | 'noticeType' | 'at' | 'orgId' | 'orderId'>
    : never
  : never;

const READERS: Readonly<Record<string, (object: unknown) => Said>> = {
  'checkout.session.completed': (object) => {
    const said = session.parse(object);
    const paymentId = said.payment_intent ?? said.id;
    if (said.payment_status === 'unpaid') return { step: 'processing', paymentId };
    return { step: 'paid', paymentId, amountMinor: said.amount_total, currency: said.currency };
  },
  'checkout.session.async_payment_succeeded': (object) => {
    const { id: sessionId, payment_intent, amount_total, currency: of } = session.parse(object);
    const paymentId = payment_intent ?? sessionId;
    return { step: 'paid', paymentId, amountMinor: amount_total, currency: of };
  },
  'checkout.session.async_payment_failed': (object) => {
    const { id: sessionId, payment_intent } = session.parse(object);
    const failureCode = 'async_payment_failed';
    return { step: 'failed', paymentId: payment_intent ?? sessionId, failureCode };
  },
  'checkout.session.expired': (object) => {
    const { id: checkoutId, expires_at: expiredAt } = expiredSession.parse(object);
    return { step: 'expired', checkoutId, expiredAt };
  },
  'payment_intent.processing': (object) => {
    return { step: 'processing', paymentId: intent.parse(object).id };
  },
  'payment_intent.succeeded': (object) => {
    const { id: paymentId, amount_received, currency: of } = paidIntent.parse(object);
    return { step: 'paid', paymentId, amountMinor: amount_received, currency: of };
  },
  'payment_intent.payment_failed': (object) => {
    const { id: paymentId, last_payment_error: error } = failedIntent.parse(object);
    const code = error?.decline_code ?? error?.code ?? '';
    return {
      step: 'failed',
      paymentId,
      failureCode: code === '' ? 'payment_failed' : code.slice(0, 100),
    };
  },
};

/** Reads an event of Stripe's, whose signature was checked. */
export function readStripeEvent(said: unknown): StripeReading {
  const event = stripeEvent.safeParse(said);
  if (!event.success) return { kind: 'other', why: 'no-event', type: 'none' };
  const { id: noticeId, type, created: at, data } = event.data;
  const read = ownValue(READERS, type);
  if (read === undefined) return { kind: 'other', why: 'type', type };
  if (!saysOrder.safeParse(data.object).success) return { kind: 'other', why: 'no-order', type };
  const head = { provider: 'stripe', noticeId, noticeType: type, at };
  try {
    const { metadata } = ofOrder.parse(data.object);
    return { kind: 'notice', notice: { ...head, ...metadata, ...read(data.object) } };
  } catch (error) {
    if (error instanceof z.ZodError) return { kind: 'unreadable', head };
    throw error;
  }
}
