import { z } from 'zod';
import { defineEvent } from '#events';

const userJoined = defineEvent({
  type: 'user.joined',
  version: 1,
  payload: z.strictObject({ displayName: z.string(), role: z.enum(['admin', 'member']) }),
  description: 'Somebody became a member of an organization.',
  example: { displayName: 'Ada', role: 'member' },
});

export const organizationEvents = [userJoined] as const;
export type OrganizationEvent = (typeof organizationEvents)[number];
