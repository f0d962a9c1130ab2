export { fulfillmentEvents } from './events.ts';
