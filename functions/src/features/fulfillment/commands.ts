import { z } from 'zod';
import type { CommandContext, TypedEvent } from '#events';
import { commandsFor, entityId } from '#events';
import type { DocumentData } from '#kernel';
import { requireMatterOrAdmin, SERVER_TIME } from '#kernel';
import type { FulfillmentEvent } from './events.ts';
import type { Shipment, ShipmentStatus } from './shipment.ts';
import { causeOfNext, requireShipment, requireStep, shipmentPath } from './shipment.ts';

const defineCommand = commandsFor<FulfillmentEvent>();
const ofShipment = { orgId: entityId, shipmentId: entityId };

/** A drafted shipment is packed and waits for its carrier. */
export const markShipmentReady = defineCommand({
  name: 'markShipmentReady',
  input: z.strictObject(ofShipment),
  run: async (context, input) => {
    const shipment = await openShipment(context, input, 'ready');
    const { orderId, fulfillmentId } = shipment;
    return move(context, shipment, {
      status: 'ready',
      event: { eventType: 'shipment.ready', payload: { orderId, fulfillmentId } },
    });
  },
});

/** A shipment that is ready was handed over to its carrier. */
export const markShipmentInTransit = defineCommand({
  name: 'markShipmentInTransit',
  input: z.strictObject({
    ...ofShipment,
    carrier: z.string().trim().min(1).max(100),
    trackingNumber: z.string().trim().min(1).max(100).optional(),
  }),
  run: async (context, input) => {
    const shipment = await openShipment(context, input, 'in_transit');
    const { orderId, fulfillmentId } = shipment;
    const { carrier, trackingNumber } = input;
    const sent = { carrier, ...(trackingNumber === undefined ? {} : { trackingNumber }) };
    return move(context, shipment, {
      status: 'in_transit',
      fields: sent,
      event: { eventType: 'shipment.in_transit', payload: { orderId, fulfillmentId, ...sent } },
    });
  },
});

/** A shipment that was on its way has arrived. */
export const markShipmentDelivered = defineCommand({
  name: 'markShipmentDelivered',
  input: z.strictObject(ofShipment),
  run: async (context, input) => {
    const shipment = await openShipment(context, input, 'delivered');
    const { orderId, fulfillmentId } = shipment;
    return move(context, shipment, {
      status: 'delivered',
      event: { eventType: 'shipment.delivered', payload: { orderId, fulfillmentId } },
    });
  },
});

type Context = CommandContext<FulfillmentEvent>;

/** The shipment that is to take this step; throws unless it is there, the caller may, and it can. */
async function openShipment(
  { tx, access, caller }: Context,
  { orgId, shipmentId }: { readonly orgId: string; readonly shipmentId: string },
  next: ShipmentStatus,
): Promise<Shipment> {
  await access.requireMember(tx, orgId, caller.uid);
  const shipment = requireShipment((await tx.get(shipmentPath(shipmentId))).data, orgId);
  await requireMatterOrAdmin(access, tx, shipment, caller.uid);
  requireStep(shipment, next);
  return shipment;
}

async function move(
  { tx, emit }: Context,
  shipment: Shipment,
  step: {
    readonly status: ShipmentStatus;
    readonly fields?: DocumentData;
    readonly event: TypedEvent<FulfillmentEvent>;
  },
): Promise<{ readonly shipmentId: string; readonly version: number }> {
  const { orgId, shipmentId, fulfillmentId, orderId, matterId, version } = shipment;
  const headPath = shipmentPath(shipmentId);
  const { status, fields, event } = step;
  tx.update(headPath, { status, ...fields, updatedAt: SERVER_TIME });
  await emit(
    {
      ...event,
      orgId,
      ...(matterId === undefined ? {} : { matterId }),
      entityType: 'shipment',
      entityId: shipmentId,
      related: [`fulfillment:${fulfillmentId}`, `order:${orderId}`],
      stream: { expectedVersion: version, headPath },
    },
    { causedBy: causeOfNext(shipment) },
  );
  return { shipmentId, version: version + 1 };
}
