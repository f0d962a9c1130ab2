import { z } from 'zod';
import { commandsFor, entityId, inputs } from '#events';
import type { DocumentData } from '#kernel';
import { SERVER_TIME } from '#kernel';
import { openInvoice } from './access.ts';
import type { BillingEvent } from './events.ts';
import { invoicePath, NO_LONGER_DUE, ofMatter, paymentPath } from './invoice.ts';
import type { AfterPayment } from './rules.ts';
import { afterPayment } from './rules.ts';

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
    const { orgId, invoiceId } = input;
    const { tx, caller } = context;
    const headPath = invoicePath(invoiceId);
    const invoice = await openInvoice(context, input);
    const money = { amountMinor: input.amountMinor, currency: input.currency };
    const after = afterPayment(invoice, money);

    const paymentId = context.newId('payment');
    const scope = { orgId, ...ofMatter(invoice) };
    tx.create(paymentPath(paymentId), {
      orgId,
      matterId: invoice.matterId ?? null,
      paymentId,
      invoiceId,
      ...money,
      recordedBy: caller.uid,
      createdAt: SERVER_TIME,
    });
    const paidMinor = invoice.paidMinor + money.amountMinor;
    tx.update(headPath, { paidMinor, updatedAt: SERVER_TIME, ...changesBy(after) });
    await context.emit({
      ...scope,
      eventType: 'payment.received',
      entityType: 'payment',
      entityId: paymentId,
      payload: { invoiceId, ...money },
      related: [`invoice:${invoiceId}`],
      stream: { expectedVersion: 0, headPath: paymentPath(paymentId) },
    });
    await context.emit({
      ...scope,
      ...(after.kind === 'paid'
        ? { eventType: 'invoice.paid', payload: { paymentId, ...money } }
        : {
            eventType: 'invoice.partially_paid',
            payload: { paymentId, ...money, outstandingMinor: after.outstandingMinor },
          }),
      entityType: 'invoice',
      entityId: invoiceId,
      stream: { expectedVersion: invoice.version, headPath },
    });
    return { paymentId, version: 1 };
  },
});

function changesBy({ kind }: AfterPayment): DocumentData {
  if (kind === 'partially-paid') return { status: 'partially_paid' };
  return { status: 'paid', paidAt: SERVER_TIME, ...NO_LONGER_DUE };
}
