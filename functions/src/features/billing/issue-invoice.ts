import type { TypedEventInput } from '#events';
import type { DocumentData } from '#kernel';
import { SERVER_TIME } from '#kernel';
import type { InvoiceIssued } from './events.ts';
import type { NewInvoice } from './invoice.ts';
import { invoiceData, invoicePath, ofMatter, owedFrom } from './invoice.ts';

/** What an invoice that is owed from the start leaves behind. */
export interface IssuedInvoice {
  /** Where its document is, to be created with `data`. */
  readonly path: string;
  readonly data: DocumentData;
  /** To be emitted in the same transaction; who does so says who acts. */
  readonly event: Omit<TypedEventInput<InvoiceIssued>, 'actor'>;
}

/**
 * Plans an invoice that is owed as soon as it is there (an order's, say), instead of one that is drafted and
 * sent. Writes nothing: in a transaction of yours, `tx.create(path, data)` and
 * `emit({ ...event, actor }, { transaction: tx, causedBy: job })`.
 *
 * Needs an `invoiceId` that is the same in every run of the transaction (a hash of the order's, say): a second
 * one collides where it would have doubled. `amountMinor` is a whole number of at least 1, `currency` an ISO 4217
 * code: the event is refused otherwise. What is not checked is that matter, client and order are the
 * organization's. Without `dueAt` it never becomes overdue.
 */
export function issueInvoice(
  invoice: NewInvoice & { readonly orderId?: string | undefined },
): IssuedInvoice {
  const { orgId, invoiceId, amountMinor, currency, dueAt, orderId } = invoice;
  const path = invoicePath(invoiceId);
  const order = orderId === undefined ? {} : { orderId };
  const state = { status: 'issued', issuedAt: SERVER_TIME, ...owedFrom(dueAt), ...order };
  return {
    path,
    data: invoiceData(invoice, state),
    event: {
      orgId,
      ...ofMatter(invoice),
      eventType: 'invoice.issued',
      entityType: 'invoice',
      entityId: invoiceId,
      payload: { amountMinor, currency, ...(dueAt === undefined ? {} : { dueAt }), ...order },
      ...(orderId === undefined ? {} : { related: [`order:${orderId}`] }),
      stream: { expectedVersion: 0, headPath: path },
    },
  };
}
