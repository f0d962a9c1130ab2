export { legacySyncEvents } from './events.ts';
