import { z } from 'zod';
import { defineEvent, fields } from '#events';

const accountCreated = defineEvent({
  type: 'account.created',
  version: 1,
  payload: z.strictObject({ name: fields.label }),
  description: 'An account was opened.',
  external: true,
  example: { name: 'Smith & Sons' },
});

const accountUpdated = defineEvent({
  type: 'account.updated',
  version: 1,
  payload: z.strictObject({ name: fields.label.optional() }),
  description: 'An account’s details were changed.',
  external: true,
  example: { name: 'Smith & Daughters' },
});

export const accountEvents = [accountCreated, accountUpdated] as const;
