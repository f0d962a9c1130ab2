export { pricingEvents } from './events.ts';
