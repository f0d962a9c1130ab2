import { z } from 'zod';
import { defineEvent } from '#events';

const amountMinor = z.int().positive();
const currency = z.string();

const invoiceCreated = defineEvent({
  type: 'invoice.created',
  version: 1,
  payload: z.strictObject({ amountMinor, currency }),
  description: 'An invoice was drafted.',
  example: { amountMinor: 125_000, currency: 'EUR' },
});

const invoiceSent = defineEvent({
  type: 'invoice.sent',
  version: 1,
  payload: z.strictObject({ amountMinor, currency }),
  description: 'An invoice went out to its client.',
  example: { amountMinor: 125_000, currency: 'EUR' },
});

const invoicePaid = defineEvent({
  type: 'invoice.paid',
  version: 1,
  payload: z.strictObject({ paymentId: z.string(), amountMinor, currency }),
  description: 'An invoice was paid in full.',
  example: { paymentId: 'payment123', amountMinor: 125_000, currency: 'EUR' },
});

const paymentReceived = defineEvent({
  type: 'payment.received',
  version: 1,
  payload: z.strictObject({ invoiceId: z.string(), amountMinor, currency }),
  description: 'A payment for an invoice was recorded.',
  example: { invoiceId: 'invoice123', amountMinor: 125_000, currency: 'EUR' },
});

export const billingEvents = [invoiceCreated, invoiceSent, invoicePaid, paymentReceived] as const;
export type BillingEvent = (typeof billingEvents)[number];
