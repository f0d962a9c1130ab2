import { z } from 'zod';
import type { Cause } from '#events';
import { lastEventOf, readHead } from '#events';
import type { DocumentData } from '#kernel';
import { CodedError } from '#kernel';

/** How far a shipment came; one step follows the other, none is left out and none is taken back. */
export const SHIPMENT_STATUSES = ['drafted', 'ready', 'in_transit', 'delivered'] as const;
export type ShipmentStatus = (typeof SHIPMENT_STATUSES)[number];

/** Something in a shipment, `quantity` times. */
export interface ShippedLine {
  readonly title: string;
  readonly quantity: number;
  readonly sku?: string | undefined;
}

const shipmentDocument = z.object({
  orgId: z.string(),
  shipmentId: z.string(),
  fulfillmentId: z.string(),
  orderId: z.string(),
  /** Null for one of the organization as a whole: rules and queries can ask for that. */
  matterId: z
    .string()
    .nullable()
    .transform((matterId) => matterId ?? undefined),
  status: z.enum(SHIPMENT_STATUSES),
  correlationId: z.string(),
});

/** A shipment as its document says. */
export type Shipment = z.output<typeof shipmentDocument> & { readonly version: number };

/** Where a shipment is. */
export function shipmentPath(shipmentId: string): string {
  return `shipments/${shipmentId}`;
}

/** Throws `not-found` unless the document is a shipment of this organization. */
export function requireShipment(data: DocumentData | undefined, orgId: string): Shipment {
  const result = shipmentDocument.safeParse(data);
  if (!result.success || result.data.orgId !== orgId) {
    throw new CodedError('not-found', 'There is no such shipment.');
  }
  return { ...result.data, version: readHead(data).version };
}

/** Throws unless the shipment has come exactly as far as the step before. */
export function requireStep({ status }: Shipment, next: ShipmentStatus): void {
  const before = SHIPMENT_STATUSES[SHIPMENT_STATUSES.indexOf(next) - 1];
  if (status === before) return;
  const said = (name: ShipmentStatus = 'drafted'): string => name.replace('_', ' ');
  const message = `The shipment is ${said(status)}: only one that is ${said(before)} becomes ${said(next)}.`;
  throw new CodedError('failed-precondition', message);
}

/** Why a shipment's next event is: its last one. */
export function causeOfNext({ orgId, shipmentId, version, correlationId }: Shipment): Cause {
  const entity = { orgId, entityType: 'shipment', entityId: shipmentId };
  return lastEventOf(entity, { version, correlationId });
}
