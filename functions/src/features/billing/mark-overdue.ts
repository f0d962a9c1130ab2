import type { EmitResult, TypedEventInput } from '#events';
import type { DocumentTransaction, Ids, Logger, RunTransaction, TimePosition } from '#kernel';
import { messageOf, SERVER_TIME } from '#kernel';
import type { BillingEvent } from './events.ts';
import { invoicePath, NO_LONGER_DUE, ofMatter, readInvoice } from './invoice.ts';
import { overdueAt } from './rules.ts';

/** A page of the invoices that may be overdue by a time, longest due first, and where the next one begins. */
export type DueInvoices = (asked: {
  readonly throughMs: number;
  readonly after: TimePosition | undefined;
  readonly limit: number;
}) => Promise<{
  readonly invoiceIds: readonly string[];
  /** Undefined after the last page. */
  readonly next: TimePosition | undefined;
}>;

/** What a look for overdue invoices saw and did. */
export interface OverdueReport {
  /** Invoices that are overdue from now on. */
  readonly overdue: number;
  /** Those that could not be marked: each is in the log, and found again the next time. */
  readonly failed: number;
  /** Whether it came to the end; else the time was over, and the next one goes on with the rest. */
  readonly isComplete: boolean;
}

/** What the look works with. */
export interface MarkOverdueDeps {
  readonly dueInvoices: DueInvoices;
  readonly runTransaction: RunTransaction;
  readonly emit: (
    event: TypedEventInput<BillingEvent>,
    options: { readonly transaction: DocumentTransaction },
  ) => Promise<EmitResult>;
  readonly ids: Ids;
  readonly logger: Logger;
}

/** Says once of each invoice that is not paid in time, in any organization, that it is overdue. */
export type MarkOverdueInvoices = (asked: {
  /** Those that were due by this time; one is overdue only by the server's own. */
  readonly throughMs: number;
  /** Asked between pages and groups; false ends it. */
  readonly hasTimeLeft: () => boolean;
}) => Promise<OverdueReport>;

const PAGE_SIZE = 200;
/** Transactions at once, of as many invoices. */
const AT_ONCE = 20;
const ACTOR = { actorType: 'system', actorId: 'daily-maintenance' } as const;

export function createMarkOverdueInvoices(deps: MarkOverdueDeps): MarkOverdueInvoices {
  return async ({ throughMs, hasTimeLeft }) => {
    const counts = { overdue: 0, failed: 0 };
    let after: TimePosition | undefined;
    do {
      if (!hasTimeLeft()) return { ...counts, isComplete: false };
      const page = await deps.dueInvoices({ throughMs, after, limit: PAGE_SIZE });
      for (let first = 0; first < page.invoiceIds.length; first += AT_ONCE) {
        if (!hasTimeLeft()) return { ...counts, isComplete: false };
        const group = page.invoiceIds.slice(first, first + AT_ONCE);
        const ends = await Promise.all(group.map((invoiceId) => markSafely(deps, invoiceId)));
        for (const end of ends) if (end !== 'none') counts[end] += 1;
      }
      after = page.next;
    } while (after !== undefined);
    return { ...counts, isComplete: true };
  };
}

/** One that fails, whatever for, keeps nothing from the others. */
async function markSafely(
  deps: MarkOverdueDeps,
  invoiceId: string,
): Promise<'overdue' | 'failed' | 'none'> {
  try {
    return (await markOverdue(deps, invoiceId)) ? 'overdue' : 'none';
  } catch (error) {
    const message = 'invoice could not be marked overdue';
    deps.logger.write({ severity: 'ERROR', message, invoiceId, error: messageOf(error) });
    return 'failed';
  }
}

/** Answers whether it is overdue by this very call: looked at again, it is not so any more. */
async function markOverdue(
  { runTransaction, emit, ids }: MarkOverdueDeps,
  invoiceId: string,
): Promise<boolean> {
  const headPath = invoicePath(invoiceId);
  return runTransaction(ids.documentId(), async (tx) => {
    const { data, readAtMs } = await tx.get(headPath);
    const invoice = readInvoice(data);
    const overdue = invoice && overdueAt(invoice, readAtMs);
    if (invoice === undefined || overdue === undefined) return false;
    tx.update(headPath, { ...NO_LONGER_DUE, overdueAt: SERVER_TIME, updatedAt: SERVER_TIME });
    const event = {
      orgId: invoice.orgId,
      ...ofMatter(invoice),
      eventType: 'invoice.overdue',
      entityType: 'invoice',
      entityId: invoiceId,
      actor: ACTOR,
      payload: overdue,
      stream: { expectedVersion: invoice.version, headPath },
    } as const;
    await emit(event, { transaction: tx });
    return true;
  });
}
