import { z } from 'zod';
import type { CommandContext } from '#events';
import { commandsFor, entityId } from '#events';
import { SERVER_TIME } from '#kernel';
import type { BillingEvent } from './events.ts';
import {
  invoicePath,
  paymentPath,
  requireInvoice,
  requirePayable,
  requireSendable,
} from './invoice.ts';
import { amountMinor, currency } from './money.ts';

const defineCommand = commandsFor<BillingEvent>();

/** Drafts an invoice, for a matter or for the organization as a whole. */
export const createInvoice = defineCommand({
  name: 'createInvoice',
  input: z.strictObject({
    orgId: entityId,
    matterId: entityId.optional(),
    amountMinor,
    currency,
  }),
  run: async (context, input) => {
    const { orgId } = input;
    await requireBilling(context, input);
    const invoiceId = context.newId('invoice');
    const headPath = invoicePath(invoiceId);
    const money = { amountMinor: input.amountMinor, currency: input.currency };
    context.tx.create(headPath, {
      orgId,
      invoiceId,
      matterId: input.matterId ?? null,
      ...money,
      status: 'draft',
      createdBy: context.caller.uid,
      createdAt: SERVER_TIME,
      updatedAt: SERVER_TIME,
    });
    await context.emit({
      orgId,
      ...ofMatter(input),
      eventType: 'invoice.created',
      entityType: 'invoice',
      entityId: invoiceId,
      payload: money,
      stream: {
        expectedVersion: 0,
        headPath,
      },
    });
    return { invoiceId, version: 1 };
  },
});

/** Sends a drafted invoice to its client. */
export const sendInvoice = defineCommand({
  name: 'sendInvoice',
  input: z.strictObject({ orgId: entityId, invoiceId: entityId }),
  run: async (context, { orgId, invoiceId }) => {
    const headPath = invoicePath(invoiceId);
    await context.access.requireMember(context.tx, orgId, context.caller.uid);
    const invoice = requireInvoice((await context.tx.get(headPath)).data, orgId);
    await requireBilling(context, invoice);
    requireSendable(invoice);
    context.tx.update(headPath, { status: 'sent', sentAt: SERVER_TIME, updatedAt: SERVER_TIME });
    await context.emit({
      orgId,
      ...ofMatter(invoice),
      eventType: 'invoice.sent',
      entityType: 'invoice',
      entityId: invoiceId,
      payload: {
        amountMinor: invoice.amountMinor,
        currency: invoice.currency,
      },
      stream: {
        expectedVersion: invoice.version,
        headPath,
      },
    });
    return { invoiceId, version: invoice.version + 1 };
  },
});

/** Records the payment of a sent invoice; the invoice is paid in the same commit, and only once. */
export const recordPayment = defineCommand({
  name: 'recordPayment',
  input: z.strictObject({ orgId: entityId, invoiceId: entityId, amountMinor, currency }),
  run: async (context, input) => {
    const { orgId, invoiceId } = input;
    const headPath = invoicePath(invoiceId);
    await context.access.requireMember(context.tx, orgId, context.caller.uid);
    const invoice = requireInvoice((await context.tx.get(headPath)).data, orgId);
    await requireBilling(context, invoice);
    const money = { amountMinor: input.amountMinor, currency: input.currency };
    requirePayable(invoice, money);

    const paymentId = context.newId('payment');
    const scope = { orgId, ...ofMatter(invoice) };
    context.tx.create(paymentPath(paymentId), {
      orgId,
      matterId: invoice.matterId ?? null,
      paymentId,
      invoiceId,
      ...money,
      recordedBy: context.caller.uid,
      createdAt: SERVER_TIME,
    });
    context.tx.update(headPath, { status: 'paid', paidAt: SERVER_TIME, updatedAt: SERVER_TIME });
    await context.emit({
      ...scope,
      eventType: 'payment.received',
      entityType: 'payment',
      entityId: paymentId,
      payload: {
        invoiceId,
        ...money,
      },
      related: [`invoice:${invoiceId}`],
      stream: {
        expectedVersion: 0,
        headPath: paymentPath(paymentId),
      },
    });
    await context.emit({
      ...scope,
      eventType: 'invoice.paid',
      entityType: 'invoice',
      entityId: invoiceId,
      payload: {
        paymentId,
        ...money,
      },
      stream: {
        expectedVersion: invoice.version,
        headPath,
      },
    });
    return { paymentId, version: 1 };
  },
});

/** An invoice of a matter is its members' business; any other the admins'. */
async function requireBilling(
  { tx, access, caller }: CommandContext<BillingEvent>,
  { orgId, matterId }: { readonly orgId: string; readonly matterId?: string | undefined },
): Promise<void> {
  if (matterId === undefined) await access.requireAdmin(tx, orgId, caller.uid);
  else await access.requireMatter(tx, { orgId, matterId }, caller.uid);
}

function ofMatter({ matterId }: { readonly matterId?: string | undefined }): { matterId?: string } {
  return matterId === undefined ? {} : { matterId };
}
