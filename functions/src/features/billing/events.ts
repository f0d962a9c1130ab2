import { z } from 'zod';
import { defineEvent, fields } from '#events';

const { amountMinor, currency } = fields;
const money = { amountMinor, currency };
const paymentId = fields.id;

const invoiceCreated = defineEvent({
  type: 'invoice.created',
  version: 1,
  payload: z.strictObject(money),
  description: 'An invoice was drafted.',
  example: { amountMinor: 125_000, currency: 'EUR' },
});

const invoiceSent = defineEvent({
  type: 'invoice.sent',
  version: 1,
  payload: z.strictObject(money),
  description: 'An invoice went out to its client.',
  example: { amountMinor: 125_000, currency: 'EUR' },
});

const invoiceIssued = defineEvent({
  type: 'invoice.issued',
  version: 1,
  payload: z.strictObject({ ...money, dueAt: z.date().optional(), orderId: fields.id.optional() }),
  aliases: ['InvoiceIssued'],
  description: 'An invoice became binding: it is owed from now on.',
  example: { amountMinor: 125_000, currency: 'EUR', dueAt: new Date('2030-01-31T00:00:00Z') },
});

const invoicePartiallyPaid = defineEvent({
  type: 'invoice.partially_paid',
  version: 1,
  payload: z.strictObject({ ...money, paymentId, outstandingMinor: amountMinor }),
  aliases: ['InvoicePartiallyPaid'],
  description: 'A part of an invoice was paid; the amount is that of this payment.',
  example: {
    paymentId: 'payment123',
    amountMinor: 25_000,
    currency: 'EUR',
    outstandingMinor: 100_000,
  },
});

const invoicePaid = defineEvent({
  type: 'invoice.paid',
  version: 1,
  payload: z.strictObject({ ...money, paymentId }),
  aliases: ['InvoicePaid'],
  description:
    'An invoice was paid in full. The amount is that of its last payment; each has its payment.received.',
  example: { paymentId: 'payment123', amountMinor: 125_000, currency: 'EUR' },
});

const invoiceOverdue = defineEvent({
  type: 'invoice.overdue',
  version: 1,
  payload: z.strictObject({ currency, outstandingMinor: amountMinor, dueAt: z.date() }),
  aliases: ['InvoiceOverdue'],
  description: 'An invoice was not paid in full in time.',
  example: { currency: 'EUR', outstandingMinor: 125_000, dueAt: new Date('2030-01-31T00:00:00Z') },
});

const invoiceVoided = defineEvent({
  type: 'invoice.voided',
  version: 1,
  payload: z.strictObject({
    reason: fields.label.optional(),
    currency: currency.optional(),
    outstandingMinor: amountMinor.optional(),
  }),
  aliases: ['InvoiceVoided'],
  description:
    'An invoice was taken back: nothing is owed. What was owed until then is said, unless it was a draft.',
  example: { reason: 'wrong client', currency: 'EUR', outstandingMinor: 125_000 },
});

const paymentReceived = defineEvent({
  type: 'payment.received',
  version: 1,
  payload: z.strictObject({ ...money, invoiceId: fields.id }),
  description: 'A payment for an invoice was recorded.',
  example: { invoiceId: 'invoice123', amountMinor: 125_000, currency: 'EUR' },
});

const paymentPaid = defineEvent({
  type: 'payment.paid',
  version: 1,
  payload: z.strictObject({ ...money, verifiedBy: fields.label, verificationMethod: fields.code }),
  external: true,
  description: 'A payment was verified. The only event that opens a case.',
  example: {
    amountMinor: 125_000,
    currency: 'EUR',
    verifiedBy: 'stripe',
    verificationMethod: 'webhook',
  },
});

export const billingEvents = [
  invoiceCreated,
  invoiceSent,
  invoiceIssued,
  invoicePartiallyPaid,
  invoicePaid,
  invoiceOverdue,
  invoiceVoided,
  paymentReceived,
  paymentPaid,
] as const;
export type InvoiceIssued = typeof invoiceIssued;
export type BillingEvent = (typeof billingEvents)[number];
