export { clientAccess, clientOf, clientPath } from './client.ts';
export { createClient } from './commands.ts';
export { clientEvents } from './events.ts';
