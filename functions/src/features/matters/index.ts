export { createMatterAccess } from './access.ts';
export { addMatterMember, createMatter } from './commands.ts';
export { matterEvents } from './events.ts';
export { matterOf, matterPath } from './matter.ts';
