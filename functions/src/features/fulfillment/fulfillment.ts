import type { Actor, TypedEventInput } from '#events';
import type { DocumentData } from '#kernel';
import { hashParts, SERVER_TIME } from '#kernel';
import type { FulfillmentEvent } from './events.ts';
import type { ShippedLine } from './shipment.ts';
import { shipmentPath } from './shipment.ts';

/** What is to be delivered, and to what it belongs. */
export interface NewFulfillment {
  readonly orgId: string;
  readonly orderId: string;
  readonly matterId?: string | undefined;
  readonly clientId: string;
  /** Who acts. */
  readonly actor: Actor;
  /** Of all that comes of the order. */
  readonly correlationId: string;
  readonly lines: readonly (ShippedLine & { readonly shippingGroup?: string | undefined })[];
}

/** A document to be created, and the event that says so, to be emitted in the same transaction. */
export interface Planned {
  readonly path: string;
  readonly data: DocumentData;
  readonly event: TypedEventInput<FulfillmentEvent>;
}

/** The id of the fulfilment of an order, which has one at most. */
export function fulfillmentIdOf(orderId: string): string {
  return hashParts('fulfillment', orderId).slice(0, 20);
}

/** Where a fulfilment is. */
export function fulfillmentPath(fulfillmentId: string): string {
  return `fulfillments/${fulfillmentId}`;
}

/**
 * Plans the fulfilment of an order and its drafted shipments: one for each shipping group, and one for each
 * line that names none. Writes nothing. Their ids follow from the order's, so that a second fulfilment of one
 * order collides where it would have doubled.
 */
export function planFulfillment(fulfillment: NewFulfillment): readonly Planned[] {
  const { orgId, orderId, matterId, clientId, actor, correlationId } = fulfillment;
  const fulfillmentId = fulfillmentIdOf(orderId);
  const path = fulfillmentPath(fulfillmentId);
  const shipments = groupLines(fulfillment.lines).map((lines, index) => {
    const shipmentId = hashParts(fulfillmentId, 'shipment', String(index)).slice(0, 20);
    return planShipment(fulfillment, { fulfillmentId, shipmentId, lines });
  });
  const created: Planned = {
    path,
    data: {
      orgId,
      fulfillmentId,
      orderId,
      matterId: matterId ?? null,
      clientId,
      shipmentIds: shipments.map(({ event }) => event.entityId),
      correlationId,
      createdAt: SERVER_TIME,
    },
    event: {
      orgId,
      ...ofMatter(fulfillment),
      actor,
      eventType: 'fulfillment.created',
      entityType: 'fulfillment',
      entityId: fulfillmentId,
      payload: { orderId },
      related: [`order:${orderId}`],
      stream: { expectedVersion: 0, headPath: path },
    },
  };
  return [created, ...shipments];
}

function planShipment(
  fulfillment: NewFulfillment,
  shipment: {
    readonly fulfillmentId: string;
    readonly shipmentId: string;
    readonly lines: readonly ShippedLine[];
  },
): Planned {
  const { orgId, orderId, matterId, actor, correlationId } = fulfillment;
  const { fulfillmentId, shipmentId, lines } = shipment;
  const path = shipmentPath(shipmentId);
  return {
    path,
    data: {
      orgId,
      shipmentId,
      fulfillmentId,
      orderId,
      matterId: matterId ?? null,
      lines,
      status: 'drafted',
      correlationId,
      createdAt: SERVER_TIME,
      updatedAt: SERVER_TIME,
    },
    event: {
      orgId,
      ...ofMatter(fulfillment),
      actor,
      eventType: 'shipment.drafted',
      entityType: 'shipment',
      entityId: shipmentId,
      payload: { orderId, fulfillmentId },
      related: [`fulfillment:${fulfillmentId}`, `order:${orderId}`],
      stream: { expectedVersion: 0, headPath: path },
    },
  };
}

/** Lines that travel together, in the order in which their first ones stand. */
function groupLines(lines: NewFulfillment['lines']): ShippedLine[][] {
  const groups = new Map<string, ShippedLine[]>();
  for (const [index, { shippingGroup, title, quantity, sku }] of lines.entries()) {
    const key = shippingGroup === undefined ? `line ${index}` : `group ${shippingGroup}`;
    const group = groups.get(key) ?? [];
    group.push({ title, quantity, ...(sku === undefined ? {} : { sku }) });
    groups.set(key, group);
  }
  return [...groups.values()];
}

function ofMatter({ matterId }: NewFulfillment): { readonly matterId?: string } {
  return matterId === undefined ? {} : { matterId };
}
