export { caseEvents } from './events.ts';
