import { z } from 'zod';
import type { DocumentData } from '#kernel';
import { CodedError, DELETE_FIELD, SERVER_TIME } from '#kernel';
import { readHead } from '#events';

/** An amount in the currency's smallest unit (cents). */
export interface Money {
  readonly amountMinor: number;
  readonly currency: string;
}

/** Null is as good as absent: rules and queries can ask for it. */
const optionalId = z
  .string()
  .nullish()
  .transform((id) => id ?? undefined);

/** A time as Firestore gives it back; null is as good as absent here, too. */
const optionalTime = z
  .custom<{ toMillis(): number }>(
    (value) => typeof value === 'object' && value !== null && 'toMillis' in value,
  )
  .nullish()
  .transform((at) => (at ? new Date(at.toMillis()) : undefined));

const invoiceDocument = z.object({
  orgId: z.string(),
  matterId: optionalId,
  status: z.enum(['draft', 'sent', 'issued', 'partially_paid', 'paid', 'voided']),
  amountMinor: z.number(),
  currency: z.string(),
  paidMinor: z.number().default(0),
  dueAt: optionalTime,
  /** Its due time again, there while it is owed and was not found overdue: what is asked for daily. */
  overdueFrom: optionalTime,
});

/** An invoice as its document says. */
export type Invoice = z.output<typeof invoiceDocument> & { readonly version: number };

/** What an invoice begins with. */
export interface NewInvoice extends Money {
  readonly orgId: string;
  readonly invoiceId: string;
  readonly matterId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly dueAt?: Date | undefined;
  /** Who made it: a user's id, or a service's name. */
  readonly createdBy: string;
}

/** The document of an invoice; `how` is its state, with the times that belong to that. */
export function invoiceData(invoice: NewInvoice, how: DocumentData): DocumentData {
  const { orgId, invoiceId, matterId = null, clientId = null, dueAt = null } = invoice;
  const { amountMinor, currency, createdBy } = invoice;
  return {
    orgId,
    invoiceId,
    matterId,
    clientId,
    amountMinor,
    currency,
    paidMinor: 0,
    dueAt,
    createdBy,
    createdAt: SERVER_TIME,
    updatedAt: SERVER_TIME,
    ...how,
  };
}

/** What an invoice's document also has from when it is owed. */
export function owedFrom(dueAt: Date | undefined): DocumentData {
  return dueAt === undefined ? {} : { overdueFrom: dueAt };
}

/** Takes that away again. */
export const NO_LONGER_DUE: DocumentData = { overdueFrom: DELETE_FIELD };

export function invoicePath(invoiceId: string): string {
  return `invoices/${invoiceId}`;
}

export function paymentPath(paymentId: string): string {
  return `payments/${paymentId}`;
}

/** The invoice of a document; undefined where it is none. */
export function readInvoice(data: DocumentData | undefined): Invoice | undefined {
  const result = invoiceDocument.safeParse(data);
  return result.success ? { ...result.data, version: readHead(data).version } : undefined;
}

/** Throws `not-found` unless the document is an invoice of this organization. */
export function requireInvoice(data: DocumentData | undefined, orgId: string): Invoice {
  const invoice = readInvoice(data);
  if (invoice?.orgId === orgId) return invoice;
  throw new CodedError('not-found', 'There is no such invoice.');
}

/** `{ matterId }` where there is one: what an event of it says of its matter. */
export function ofMatter({ matterId }: { readonly matterId?: string | undefined }): {
  matterId?: string;
} {
  return matterId === undefined ? {} : { matterId };
}
