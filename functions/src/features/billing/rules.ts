import { CodedError } from '#kernel';
import type { Invoice, Money } from './invoice.ts';

/** What is left of an invoice after a payment: nothing, or something. */
export type AfterPayment =
  | { readonly kind: 'paid' }
  | { readonly kind: 'partially-paid'; readonly outstandingMinor: number };

/** What an invoice that is not paid in time says of that. */
interface Overdue {
  readonly currency: string;
  readonly outstandingMinor: number;
  readonly dueAt: Date;
}

/** What is still to be paid of it, in minor units; 0 of one that nobody owes. */
export function outstandingOf(invoice: Invoice): number {
  return isOwed(invoice) ? invoice.amountMinor - invoice.paidMinor : 0;
}

/** Whether it waits for money: it went out, and was neither paid in full nor taken back. */
function isOwed({ status }: Invoice): boolean {
  return status === 'sent' || status === 'issued' || status === 'partially_paid';
}

/** Throws unless a draft: an invoice goes out once. */
export function requireSendable(invoice: Invoice): void {
  if (invoice.status === 'draft') return;
  throw refusal(`The invoice is ${inWords(invoice)} already.`);
}

/** Throws unless the invoice waits for this payment or more; overpaying is refused. */
export function afterPayment(invoice: Invoice, payment: Money): AfterPayment {
  if (invoice.status === 'draft') throw refusal('The invoice was not sent yet.');
  if (invoice.status === 'voided') throw refusal('The invoice was taken back.');
  if (invoice.status === 'paid') throw refusal('The invoice is paid already.');
  const openMinor = outstandingOf(invoice);
  if (payment.currency !== invoice.currency || payment.amountMinor > openMinor) {
    const open = `${openMinor} ${invoice.currency} in minor units`;
    throw refusal(`The payment is not of the open amount (${open}) or less.`);
  }
  const outstandingMinor = openMinor - payment.amountMinor;
  return outstandingMinor === 0 ? { kind: 'paid' } : { kind: 'partially-paid', outstandingMinor };
}

/** Throws for one that is taken back already, or that money came in for: that has to be given back first. */
export function requireVoidable(invoice: Invoice): void {
  if (invoice.status === 'voided') throw refusal('The invoice was taken back already.');
  if (invoice.status === 'paid' || invoice.paidMinor > 0) {
    throw refusal('The invoice was paid, or a part of it: it cannot be taken back.');
  }
}

/** What is overdue of an invoice at this time; undefined where nothing is, or it was found so before. */
export function overdueAt(invoice: Invoice, nowMs: number): Overdue | undefined {
  const { overdueFrom, currency } = invoice;
  if (overdueFrom === undefined || overdueFrom.getTime() > nowMs || !isOwed(invoice))
    return undefined;
  return { currency, outstandingMinor: outstandingOf(invoice), dueAt: overdueFrom };
}

function inWords({ status }: Invoice): string {
  return status === 'partially_paid' ? 'partially paid' : status;
}

function refusal(message: string): CodedError {
  return new CodedError('failed-precondition', message);
}
