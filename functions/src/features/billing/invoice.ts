import { z } from 'zod';
import type { DocumentData } from '#kernel';
import { CodedError } from '#kernel';
import { readHead } from '#events';
import type { Money } from './money.ts';
import { isSameMoney } from './money.ts';

const invoiceDocument = z.object({
  orgId: z.string(),
  /** Null for one of the organization as a whole: rules and queries can ask for that. */
  matterId: z
    .string()
    .nullable()
    .transform((matterId) => matterId ?? undefined),
  status: z.enum(['draft', 'sent', 'paid']),
  amountMinor: z.number(),
  currency: z.string(),
});

/** An invoice as its document says. */
export type Invoice = z.output<typeof invoiceDocument> & { readonly version: number };

export function invoicePath(invoiceId: string): string {
  return `invoices/${invoiceId}`;
}

export function paymentPath(paymentId: string): string {
  return `payments/${paymentId}`;
}

/** Throws `not-found` unless the document is an invoice of this organization. */
export function requireInvoice(data: DocumentData | undefined, orgId: string): Invoice {
  const result = invoiceDocument.safeParse(data);
  if (!result.success || result.data.orgId !== orgId) {
    throw new CodedError('not-found', 'There is no such invoice.');
  }
  return { ...result.data, version: readHead(data).version };
}

/** Throws unless a draft: an invoice goes out once. */
export function requireSendable(invoice: Invoice): void {
  if (invoice.status === 'draft') return;
  throw new CodedError('failed-precondition', `The invoice is ${invoice.status} already.`);
}

/** Throws unless the invoice waits for exactly this payment. */
export function requirePayable(invoice: Invoice, payment: Money): void {
  if (invoice.status === 'paid') {
    throw new CodedError('failed-precondition', 'The invoice is paid already.');
  }
  if (invoice.status === 'draft') {
    throw new CodedError('failed-precondition', 'The invoice was not sent yet.');
  }
  if (!isSameMoney(invoice, payment)) {
    const open = `${invoice.amountMinor} ${invoice.currency} in minor units`;
    throw new CodedError('failed-precondition', `The payment is not the open amount (${open}).`);
  }
}
