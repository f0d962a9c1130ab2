export { taskEvents } from './events.ts';
