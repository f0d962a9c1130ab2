import { z } from 'zod';
import { defineEvent } from '#events';

const body = z.string();
const matterId = z.string();
const mentions = z.array(z.string()).optional();

const commentAdded = defineEvent({
  type: 'comment.added',
  version: 1,
  payload: z.strictObject({ body, matterId, mentions }),
  description: 'Somebody commented on a matter.',
  example: { body: 'Hello', matterId: 'matter123', mentions: ['bob'] },
});

const commentUpdated = defineEvent({
  type: 'comment.updated',
  version: 1,
  payload: z.strictObject({ body, matterId, mentions }),
  description: 'A comment’s text was changed by its author.',
  example: { body: 'Hello, all', matterId: 'matter123' },
});

const commentDeleted = defineEvent({
  type: 'comment.deleted',
  version: 1,
  payload: z.strictObject({ matterId }),
  description: 'A comment was taken back by its author or an admin.',
  example: { matterId: 'matter123' },
});

export const commentEvents = [commentAdded, commentUpdated, commentDeleted] as const;
export type CommentEvent = (typeof commentEvents)[number];
