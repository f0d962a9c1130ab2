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
  version: 2,
  payload: z.strictObject({ title: z.string().optional(), addedMemberUid: z.string().optional() }),
  // In the first version somebody was added, and nothing else.
  upcast: { 1: (payload) => ({ ...payload }) },
  description: 'A matter changed: it has another title, or somebody was added to it.',
  example: { title: 'Smith v. Jones and others' },
});

export const matterEvents = [matterCreated, matterUpdated] as const;
export type MatterEvent = (typeof matterEvents)[number];
