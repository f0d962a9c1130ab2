import { z } from 'zod';
import { defineEvent, fields } from '#events';

const { amountMinor, currency } = fields;
const money = { amountMinor, currency };
const paymentId = fields.id;

const orderCreated = defineEvent({
  type: 'order.created',
  version: 1,
  payload: z.strictObject({ ...money, clientId: fields.id }),
  description: 'An order was placed.',
  example: { amountMinor: 4_900, currency: 'EUR', clientId: 'client123' },
});

const orderCheckoutSent = defineEvent({
  type: 'order.checkout_sent',
  version: 1,
  payload: z.strictObject({ ...money, expiresAt: z.date().optional() }),
  description: 'The link to pay an order went out to its client.',
  example: { amountMinor: 4_900, currency: 'EUR', expiresAt: new Date('2030-01-31T12:00:00Z') },
});

const orderPaymentProcessing = defineEvent({
  type: 'order.payment_processing',
  version: 1,
  payload: z.strictObject({ paymentId }),
  description: 'The payment of an order is under way.',
  example: { paymentId: 'payment123' },
});

const orderPaid = defineEvent({
  type: 'order.paid',
  version: 1,
  payload: z.strictObject({ ...money, paymentId }),
  description: 'An order was paid.',
  example: { amountMinor: 4_900, currency: 'EUR', paymentId: 'payment123' },
});

const orderPaymentFailed = defineEvent({
  type: 'order.payment_failed',
  version: 1,
  payload: z.strictObject({ paymentId, failureCode: fields.code }),
  description: 'The payment of an order failed.',
  example: { paymentId: 'payment123', failureCode: 'card_declined' },
});

const orderCheckoutExpired = defineEvent({
  type: 'order.checkout_expired',
  version: 1,
  payload: z.strictObject({ expiredAt: z.date() }),
  description: 'An order was not paid in time: its link no longer works.',
  example: { expiredAt: new Date('2030-01-31T12:00:00Z') },
});

export const orderEvents = [
  orderCreated,
  orderCheckoutSent,
  orderPaymentProcessing,
  orderPaid,
  orderPaymentFailed,
  orderCheckoutExpired,
] as const;
export type OrderEvent = (typeof orderEvents)[number];
