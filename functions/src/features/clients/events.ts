import { z } from 'zod';
import { defineEvent, fields } from '#events';

const clientCreated = defineEvent({
  type: 'client.created',
  version: 1,
  payload: z.strictObject({ name: fields.label }),
  description: 'A client was taken on.',
  example: { name: 'Smith & Sons' },
});

export const clientEvents = [clientCreated] as const;
export type ClientEvent = (typeof clientEvents)[number];
