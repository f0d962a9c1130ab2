export { uploadDocument } from './commands.ts';
export { documentPath } from './document.ts';
export { documentEvents } from './events.ts';
