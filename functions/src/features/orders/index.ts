export { orderEvents } from './events.ts';
