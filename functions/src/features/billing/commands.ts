import { z } from 'zod';
import { commandsFor, entityId, inputs } from '#events';
import { requireMatterOrAdmin, SERVER_TIME } from '#kernel';
import { openInvoice } from './access.ts';
import type { BillingEvent } from './events.ts';
import { invoiceData, invoicePath, NO_LONGER_DUE, ofMatter, owedFrom } from './invoice.ts';
import { outstandingOf, requireSendable, requireVoidable } from './rules.ts';

const { amountMinor, currency, time } = inputs;
const defineCommand = commandsFor<BillingEvent>();

/** Drafts an invoice, for a matter or for the organization as a whole. */
export const createInvoice = defineCommand({
  name: 'createInvoice',
  input: z.strictObject({
    orgId: entityId,
    matterId: entityId.optional(),
    clientId: entityId.optional(),
    amountMinor,
    currency,
    dueAt: time.optional(),
  }),
  run: async (context, { dueAt, ...input }) => {
    const { orgId, clientId } = input;
    const { tx, access, caller } = context;
    await requireMatterOrAdmin(access, tx, input, caller.uid);
    if (clientId !== undefined) await access.requireClient(tx, { orgId, clientId });
    const invoiceId = context.newId('invoice');
    const headPath = invoicePath(invoiceId);
    const due = dueAt === undefined ? {} : { dueAt: new Date(dueAt) };
    const invoice = { ...input, ...due, invoiceId, createdBy: caller.uid };
    tx.create(headPath, invoiceData(invoice, { status: 'draft' }));
    await context.emit({
      orgId,
      ...ofMatter(input),
      eventType: 'invoice.created',
      entityType: 'invoice',
      entityId: invoiceId,
      payload: { amountMinor: input.amountMinor, currency: input.currency },
      stream: { expectedVersion: 0, headPath },
    });
    return { invoiceId, version: 1 };
  },
});

/** Sends a drafted invoice to its client: it is owed from now on. */
export const sendInvoice = defineCommand({
  name: 'sendInvoice',
  input: z.strictObject({ orgId: entityId, invoiceId: entityId }),
  run: async (context, { orgId, invoiceId }) => {
    const headPath = invoicePath(invoiceId);
    const invoice = await openInvoice(context, { orgId, invoiceId });
    requireSendable(invoice);
    context.tx.update(headPath, {
      status: 'sent',
      sentAt: SERVER_TIME,
      updatedAt: SERVER_TIME,
      ...owedFrom(invoice.dueAt),
    });
    await context.emit({
      orgId,
      ...ofMatter(invoice),
      eventType: 'invoice.sent',
      entityType: 'invoice',
      entityId: invoiceId,
      payload: { amountMinor: invoice.amountMinor, currency: invoice.currency },
      stream: { expectedVersion: invoice.version, headPath },
    });
    return { invoiceId, version: invoice.version + 1 };
  },
});

/** Takes an invoice back that nobody has paid anything of: nothing is owed any more. */
export const voidInvoice = defineCommand({
  name: 'voidInvoice',
  input: z.strictObject({
    orgId: entityId,
    invoiceId: entityId,
    reason: z.string().trim().min(1).max(500).optional(),
  }),
  run: async (context, { orgId, invoiceId, reason }) => {
    const headPath = invoicePath(invoiceId);
    const invoice = await openInvoice(context, { orgId, invoiceId });
    requireVoidable(invoice);
    const because = reason === undefined ? {} : { reason };
    context.tx.update(headPath, {
      status: 'voided',
      ...because,
      voidedAt: SERVER_TIME,
      updatedAt: SERVER_TIME,
      ...NO_LONGER_DUE,
    });
    const outstandingMinor = outstandingOf(invoice);
    const owed = outstandingMinor === 0 ? {} : { outstandingMinor, currency: invoice.currency };
    await context.emit({
      orgId,
      ...ofMatter(invoice),
      eventType: 'invoice.voided',
      entityType: 'invoice',
      entityId: invoiceId,
      payload: { ...because, ...owed },
      stream: { expectedVersion: invoice.version, headPath },
    });
    return { invoiceId, version: invoice.version + 1 };
  },
});
