export { createMatterAccess } from './access.ts';
export { addMatterMember, createMatter, updateMatter } from './commands.ts';
export { matterEvents } from './events.ts';
export { matterOf, matterPath } from './matter.ts';
