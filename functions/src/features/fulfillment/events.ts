import { z } from 'zod';
import { defineEvent, fields } from '#events';

const orderId = fields.id;
const shipment = { orderId, fulfillmentId: fields.id };
const carrier = fields.label;

const fulfillmentCreated = defineEvent({
  type: 'fulfillment.created',
  version: 1,
  payload: z.strictObject({ orderId }),
  aliases: ['FulfillmentCreated'],
  description: 'A paid order is to be delivered.',
  example: { orderId: 'order123' },
});

const shipmentDrafted = defineEvent({
  type: 'shipment.drafted',
  version: 1,
  payload: z.strictObject(shipment),
  aliases: ['ShipmentDrafted'],
  description: 'A shipment was put together.',
  example: { orderId: 'order123', fulfillmentId: 'fulfillment123' },
});

const shipmentReady = defineEvent({
  type: 'shipment.ready',
  version: 1,
  payload: z.strictObject(shipment),
  aliases: ['ShipmentReady'],
  description: 'A shipment waits for its carrier.',
  example: { orderId: 'order123', fulfillmentId: 'fulfillment123' },
});

const shipmentInTransit = defineEvent({
  type: 'shipment.in_transit',
  version: 1,
  payload: z.strictObject({ ...shipment, carrier, trackingNumber: fields.foreignId.optional() }),
  aliases: ['ShipmentInTransit'],
  description: 'A shipment is on its way.',
  example: {
    orderId: 'order123',
    fulfillmentId: 'fulfillment123',
    carrier: 'DHL',
    trackingNumber: '00340434292135100186',
  },
});

const shipmentDelivered = defineEvent({
  type: 'shipment.delivered',
  version: 1,
  payload: z.strictObject({ ...shipment, deliveredAt: z.date().optional() }),
  aliases: ['ShipmentDelivered'],
  description: 'A shipment arrived.',
  example: {
    orderId: 'order123',
    fulfillmentId: 'fulfillment123',
    deliveredAt: new Date('2030-01-31T12:00:00Z'),
  },
});

export const fulfillmentEvents = [
  fulfillmentCreated,
  shipmentDrafted,
  shipmentReady,
  shipmentInTransit,
  shipmentDelivered,
] as const;
export type FulfillmentEvent = (typeof fulfillmentEvents)[number];
