export { organizationAccess } from './access.ts';
export { addMember, createOrganization } from './commands.ts';
export { organizationEvents } from './events.ts';
export { readAdmins, readMembers } from './people.ts';
