import { z } from 'zod';
import type { DocumentData } from '#kernel';

/** A time as Firestore gives it back. */
const time = z
  .custom<{ toMillis(): number }>(
    (value) => typeof value === 'object' && value !== null && 'toMillis' in value,
  )
  .transform((at) => new Date(at.toMillis()));
const absent = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => value ?? undefined);

const invoiceRow = z.object({
  invoiceId: z.string(),
  createdAt: time,
  status: z.string(),
  currency: z.string(),
  amountMinor: z.int(),
  paidMinor: z.int(),
  dueAt: absent(time),
  paidAt: absent(time),
  matterId: absent(z.string()),
  clientId: absent(z.string()),
  orderId: absent(z.string()),
});

const paymentRow = z.object({
  paymentId: z.string(),
  createdAt: time,
  invoiceId: z.string(),
  currency: z.string(),
  amountMinor: z.int(),
  matterId: absent(z.string()),
  recordedBy: z.string(),
});

/** What a table of the books is made of. Amounts are in the currency's smallest unit, as everywhere. */
export const BOOKS = {
  invoices: { columns: Object.keys(invoiceRow.shape), row: rowOf(invoiceRow) },
  payments: { columns: Object.keys(paymentRow.shape), row: rowOf(paymentRow) },
} as const;

/** A cell of a row, in the order of the columns. */
export type BookCell = string | number | Date | undefined;

/** The cells of a document; undefined where it is no such document. */
function rowOf<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>) {
  return (data: DocumentData): readonly BookCell[] | undefined => {
    const parsed = schema.safeParse(data);
    if (!parsed.success) return undefined;
    const row = parsed.data as Readonly<Record<string, BookCell>>;
    return Object.keys(schema.shape).map((column) => row[column]);
  };
}
