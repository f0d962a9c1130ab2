import { z } from 'zod';
import { defineEvent } from '#events';

const matterCreated = defineEvent({
  type: 'matter.created',
  version: 1,
  payload: z.strictObject({ title: z.string(), memberUids: z.array(z.string()) }),
  description: 'A matter was opened.',
  example: { title: 'Smith v. Jones', memberUids: ['ada', 'bob'] },
});

const matterUpdated = defineEvent({
  type: 'matter.updated',
  version: 1,
  payload: z.strictObject({ addedMemberUid: z.string() }),
  description: 'A matter changed: somebody was added to it.',
  example: { addedMemberUid: 'carol' },
});

export const matterEvents = [matterCreated, matterUpdated] as const;
export type MatterEvent = (typeof matterEvents)[number];
