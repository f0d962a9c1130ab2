export { commerceEvents } from './events.ts';
