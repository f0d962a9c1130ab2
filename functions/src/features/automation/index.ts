export { automationEvents } from './events.ts';
