export { markShipmentDelivered, markShipmentInTransit, markShipmentReady } from './commands.ts';
export { fulfillmentEvents } from './events.ts';
export { fulfillmentIdOf, fulfillmentPath, planFulfillment } from './fulfillment.ts';
export { shipmentPath } from './shipment.ts';
