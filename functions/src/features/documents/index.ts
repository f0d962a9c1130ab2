export { documentEvents } from './events.ts';
