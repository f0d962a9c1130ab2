import { z } from 'zod';
import { defineEvent, fields } from '#events';

const matterId = fields.id;
const title = fields.label;

const taskCreated = defineEvent({
  type: 'task.created',
  version: 1,
  payload: z.strictObject({ matterId, title }),
  description: 'A task was noted in a matter.',
  example: { matterId: 'matter123', title: 'Call the client' },
});

const taskUpdated = defineEvent({
  type: 'task.updated',
  version: 1,
  payload: z.strictObject({ matterId, title: title.optional() }),
  description: 'A task was changed.',
  example: { matterId: 'matter123', title: 'Write to the client' },
});

const taskAssigned = defineEvent({
  type: 'task.assigned',
  version: 1,
  payload: z.strictObject({ matterId, assigneeUid: fields.id }),
  description: 'A task was given to somebody.',
  example: { matterId: 'matter123', assigneeUid: 'bob' },
});

const taskCompleted = defineEvent({
  type: 'task.completed',
  version: 1,
  payload: z.strictObject({ matterId }),
  description: 'A task was done.',
  example: { matterId: 'matter123' },
});

export const taskEvents = [taskCreated, taskUpdated, taskAssigned, taskCompleted] as const;
export type TaskEvent = (typeof taskEvents)[number];
