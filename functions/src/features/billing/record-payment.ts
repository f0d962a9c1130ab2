import { z } from 'zod';
import type { TypedEventInput } from '#events';
import { commandsFor, entityId, inputs } from '#events';
import type { DocumentData, DocumentTransaction } from '#kernel';
import { SERVER_TIME } from '#kernel';
import { openInvoice } from './access.ts';
import type { BillingEvent } from './events.ts';
import type { Invoice, Money } from './invoice.ts';
import { invoicePath, NO_LONGER_DUE, ofMatter, paymentPath, requireInvoice } from './invoice.ts';
import type { AfterPayment } from './rules.ts';
import { afterPayment } from './rules.ts';

/** An event of billing; who emits it says who acts. */
type Unsigned = BillingEvent extends infer Definition
  ? Definition extends BillingEvent
    ? Omit<TypedEventInput<Definition>, 'actor'>
    : never
  : never;

/** A payment that came in for an invoice. */
interface NewPayment extends Money {
  readonly orgId: string;
  readonly invoiceId: string;
  /** The same in every run of the transaction. */
  readonly paymentId: string;
  /** A user's id, or a service's name. */
  readonly recordedBy: string;
  /** The order that was paid for, whose timeline the events are in. */
  readonly orderId?: string;
}

/**
 * Records a payment of an invoice that is owed, whole or in part; what is left of the invoice changes in the
 * same commit. More than is open is refused.
 */
export const recordPayment = commandsFor<BillingEvent>()({
  name: 'recordPayment',
  input: z.strictObject({
    orgId: entityId,
    invoiceId: entityId,
    amountMinor: inputs.amountMinor,
    currency: inputs.currency,
  }),
  run: async (context, input) => {
    const invoice = await openInvoice(context, input);
    const paymentId = context.newId('payment');
    const payment = { ...input, paymentId, recordedBy: context.caller.uid };
    for (const event of receive(context.tx, invoice, payment)) await context.emit(event);
    return { paymentId, version: 1 };
  },
});

/**
 * Records, in a transaction of yours, a payment of an invoice that may have been created in it; answers what is
 * to be emitted there, in this order. Throws `failed-precondition` where the invoice does not wait for it.
 */
export async function receivePayment(
  tx: DocumentTransaction,
  payment: NewPayment,
): Promise<readonly Unsigned[]> {
  const { data } = await tx.get(invoicePath(payment.invoiceId));
  return receive(tx, requireInvoice(data, payment.orgId), payment);
}

function receive(tx: DocumentTransaction, invoice: Invoice, payment: NewPayment): Unsigned[] {
  const { orgId, invoiceId, paymentId, recordedBy, amountMinor, currency } = payment;
  const money = { amountMinor, currency };
  const after = afterPayment(invoice, money);
  const [headPath, path] = [invoicePath(invoiceId), paymentPath(paymentId)];
  tx.create(path, {
    orgId,
    matterId: invoice.matterId ?? null,
    paymentId,
    invoiceId,
    ...money,
    recordedBy,
    createdAt: SERVER_TIME,
  });
  const paidMinor = invoice.paidMinor + amountMinor;
  tx.update(headPath, { paidMinor, updatedAt: SERVER_TIME, ...changesBy(after) });
  const order = payment.orderId === undefined ? [] : [`order:${payment.orderId}`];
  const scope = { orgId, ...ofMatter(invoice), related: order };
  const received: Unsigned = {
    ...scope,
    eventType: 'payment.received',
    entityType: 'payment',
    entityId: paymentId,
    payload: { invoiceId, ...money },
    related: [`invoice:${invoiceId}`, ...order],
    stream: { expectedVersion: 0, headPath: path },
  };
  const ofInvoice = {
    ...scope,
    entityType: 'invoice',
    entityId: invoiceId,
    stream: { expectedVersion: invoice.version, headPath },
  };
  const changed: Unsigned =
    after.kind === 'paid'
      ? { ...ofInvoice, eventType: 'invoice.paid', payload: { paymentId, ...money } }
      : {
          ...ofInvoice,
          eventType: 'invoice.partially_paid',
          payload: { paymentId, ...money, outstandingMinor: after.outstandingMinor },
        };
  return [received, changed];
}

function changesBy({ kind }: AfterPayment): DocumentData {
  if (kind === 'partially-paid') return { status: 'partially_paid' };
  return { status: 'paid', paidAt: SERVER_TIME, ...NO_LONGER_DUE };
}
