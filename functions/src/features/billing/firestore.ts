import type { Firestore, QueryDocumentSnapshot } from 'firebase-admin/firestore';
import { Timestamp } from 'firebase-admin/firestore';
import type { TimePosition } from '#kernel';
import { decodeTimeCursor, encodeTimeCursor, rangeOf } from '#kernel';
import { buildQuery } from '#kernel/firestore';
import type { DueInvoices, MarkOverdueInvoices, MarkOverdueDeps } from './mark-overdue.ts';
import { createMarkOverdueInvoices } from './mark-overdue.ts';
import type { BookCell } from './accounting.ts';
import { BOOKS } from './accounting.ts';
import { INVOICES_BY_DUE_TIME, INVOICES_OF_ORG, PAYMENTS_OF_ORG } from './queries.ts';

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

/** Some rows of a table of an organization's books, the oldest first. */
interface BookPage {
  readonly rows: readonly (readonly BookCell[])[];
  /** Documents that were read: some may be no row. */
  readonly read: number;
  readonly nextCursor: string | undefined;
}

/** Which rows: created at `from` or later, and before `to`. */
interface BookAsked {
  readonly orgId: string;
  readonly from: Date | undefined;
  readonly to: Date;
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** An organization's invoices and payments, to be read page by page. Throws `bad-cursor` and `invalid-input`. */
export function createBooks(firestore: Firestore): readonly Book[] {
  return [bookOf(firestore, 'invoices'), bookOf(firestore, 'payments')];
}

/** A table of the books. */
interface Book {
  readonly name: string;
  readonly columns: readonly string[];
  readonly page: (asked: BookAsked) => Promise<BookPage>;
}

function bookOf(firestore: Firestore, name: keyof typeof BOOKS): Book {
  const shape = name === 'invoices' ? INVOICES_OF_ORG : PAYMENTS_OF_ORG;
  const { columns, row } = BOOKS[name];
  const page: Book['page'] = async ({ orgId, from, to, limit, cursor }) => {
    const query = ['books', name, orgId];
    const { fromMs, throughMs = 0 } = rangeOf(from, to);
    const after = cursor === undefined ? undefined : decodeTimeCursor(query, cursor);
    const values = { equals: { orgId }, fromMs, throughMs, after, limit };
    const { docs } = await buildQuery(firestore.collection(name), shape, values).get();
    const last = docs.length < limit ? undefined : docs.at(-1);
    return {
      rows: docs.flatMap((snapshot) => {
        const cells = row(snapshot.data());
        return cells === undefined ? [] : [cells];
      }),
      read: docs.length,
      nextCursor: last && encodeTimeCursor(query, positionOf(last)),
    };
  };
  return { name, columns, page };
}

/** The query asks for times only. */
function positionOf(snapshot: QueryDocumentSnapshot): TimePosition {
  const { seconds, nanoseconds } = snapshot.get('createdAt') as Timestamp;
  return { seconds, nanoseconds, id: snapshot.id };
}
