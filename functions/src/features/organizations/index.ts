export { createOrganizationAccess } from './access.ts';
export { addMember, createOrganization } from './commands.ts';
export { changeMemberRole, removeMember } from './membership.ts';
export { organizationEvents } from './events.ts';
export { readAdmins, readMembers } from './people.ts';
export { readRole } from './read-role.ts';
