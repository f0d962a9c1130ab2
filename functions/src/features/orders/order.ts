import { z } from 'zod';
import { lastEventOf, readHead } from '#events';
import type { Cause } from '#events';
import type { DocumentData } from '#kernel';
import { CodedError } from '#kernel';
import { ORDER_STATUSES } from './order-states.ts';
import { PAYMENT_STEPS } from './payment-notice.ts';

/** A time as Firestore gives it back. */
const storedTime = z.custom<{ toMillis(): number }>(
  (value) => typeof value === 'object' && value !== null && 'toMillis' in value,
);

const lineDocument = z.object({
  title: z.string(),
  quantity: z.number(),
  unitAmountMinor: z.number(),
  sku: z.string().optional(),
  shippingGroup: z.string().optional(),
});

const orderDocument = z.object({
  orgId: z.string(),
  orderId: z.string(),
  /** Null for one of the organization as a whole: rules and queries can ask for that. */
  matterId: z
    .string()
    .nullable()
    .transform((matterId) => matterId ?? undefined),
  clientId: z.string(),
  amountMinor: z.number(),
  currency: z.string(),
  lines: z.array(lineDocument),
  status: z.enum(ORDER_STATUSES),
  /** Of all that becomes of the order. */
  correlationId: z.string(),
  /** The checkout that was sent last, by the provider's id. */
  checkoutId: z.string().optional(),
  checkoutUrl: z.string().optional(),
  /** What the provider said last of its payment, of what changed anything. */
  payment: z
    .object({ step: z.enum(PAYMENT_STEPS), at: storedTime, paymentId: z.string().optional() })
    .transform(({ at, ...payment }) => ({ ...payment, atMs: at.toMillis() }))
    .optional(),
});

/** An order as its document says. */
export type Order = z.output<typeof orderDocument> & { readonly version: number };

/** Where an order is. */
export function orderPath(orderId: string): string {
  return `orders/${orderId}`;
}

/** The order of a document; undefined where it is none. */
export function readOrder(data: DocumentData | undefined): Order | undefined {
  const result = orderDocument.safeParse(data);
  return result.success ? { ...result.data, version: readHead(data).version } : undefined;
}

/** Throws `not-found` unless the document is an order of this organization. */
export function requireOrder(data: DocumentData | undefined, orgId: string): Order {
  const order = readOrder(data);
  if (order?.orgId === orgId) return order;
  throw new CodedError('not-found', 'There is no such order.');
}

/** Why an order's next event is: its last one. So all of them are one correlation, and each has its cause. */
export function causeOfNext({ orgId, orderId, version, correlationId }: Order): Cause {
  const entity = { orgId, entityType: 'order', entityId: orderId };
  return lastEventOf(entity, { version, correlationId });
}

/** What every event of an order says of what it is about. */
export function aboutOrder(order: Pick<Order, 'orgId' | 'orderId' | 'matterId' | 'version'>): {
  readonly orgId: string;
  readonly matterId?: string;
  readonly entityType: string;
  readonly entityId: string;
  readonly stream: { readonly expectedVersion: number; readonly headPath: string };
} {
  const { orgId, orderId, matterId, version } = order;
  return {
    orgId,
    ...(matterId === undefined ? {} : { matterId }),
    entityType: 'order',
    entityId: orderId,
    stream: { expectedVersion: version, headPath: orderPath(orderId) },
  };
}
