import type { CommandContext } from '#events';
import { requireMatterOrAdmin } from '#kernel';
import type { BillingEvent } from './events.ts';
import type { Invoice } from './invoice.ts';
import { invoicePath, requireInvoice } from './invoice.ts';

/** The invoice that somebody wants to act on; throws unless it is there and they may. */
export async function openInvoice(
  context: CommandContext<BillingEvent>,
  { orgId, invoiceId }: { readonly orgId: string; readonly invoiceId: string },
): Promise<Invoice> {
  const { tx, access, caller } = context;
  await access.requireMember(tx, orgId, caller.uid);
  const invoice = requireInvoice((await tx.get(invoicePath(invoiceId))).data, orgId);
  await requireMatterOrAdmin(access, tx, invoice, caller.uid);
  return invoice;
}
