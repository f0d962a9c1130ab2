import { z } from 'zod';
import { defineEvent } from '#events';

const role = z.enum(['admin', 'member']);

const userJoined = defineEvent({
  type: 'user.joined',
  version: 1,
  payload: z.strictObject({ displayName: z.string(), role }),
  description: 'Somebody became a member of an organization.',
  example: { displayName: 'Ada', role: 'member' },
});

const userRoleChanged = defineEvent({
  type: 'user.role_changed',
  version: 1,
  payload: z.strictObject({ role, previousRole: role }),
  description: 'A member of an organization became an admin of it, or is none any more.',
  example: { role: 'admin', previousRole: 'member' },
});

const userLeft = defineEvent({
  type: 'user.left',
  version: 1,
  payload: z.strictObject({ role }),
  description:
    'Somebody is no longer a member of an organization: the actor is who left, or the admin who took them out.',
  example: { role: 'member' },
});

export const organizationEvents = [userJoined, userRoleChanged, userLeft] as const;
export type OrganizationEvent = (typeof organizationEvents)[number];
