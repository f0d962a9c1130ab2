import type { Firestore } from 'firebase-admin/firestore';
import { Timestamp } from 'firebase-admin/firestore';
import { buildQuery } from '#kernel/firestore';
import type { DueInvoices, MarkOverdueInvoices, MarkOverdueDeps } from './mark-overdue.ts';
import { createMarkOverdueInvoices } from './mark-overdue.ts';
import { INVOICES_BY_DUE_TIME } from './queries.ts';

/** The daily look for overdue invoices, over those in Firestore. */
export function createFirestoreMarkOverdueInvoices(
  firestore: Firestore,
  deps: Omit<MarkOverdueDeps, 'dueInvoices'>,
): MarkOverdueInvoices {
  return createMarkOverdueInvoices({ ...deps, dueInvoices: createDueInvoices(firestore) });
}

function createDueInvoices(firestore: Firestore): DueInvoices {
  const invoices = firestore.collection(INVOICES_BY_DUE_TIME.collectionGroup);
  return async ({ throughMs, after, limit }) => {
    const values = { equals: {}, throughMs, after, limit };
    const { docs } = await buildQuery(invoices, INVOICES_BY_DUE_TIME, values).get();
    const last = docs.length < limit ? undefined : docs.at(-1);
    const at: unknown = last?.get('overdueFrom');
    return {
      invoiceIds: docs.map(({ id }) => id),
      next:
        last === undefined || !(at instanceof Timestamp)
          ? undefined
          : { seconds: at.seconds, nanoseconds: at.nanoseconds, id: last.id },
    };
  };
}
