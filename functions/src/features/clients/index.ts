export { clientEvents } from './events.ts';
