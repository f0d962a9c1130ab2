export { complianceEvents } from './events.ts';
