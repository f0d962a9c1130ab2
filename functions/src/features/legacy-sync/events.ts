import { z } from 'zod';
import { defineEvent, fields } from '#events';

const scope = fields.code;

const legacySyncRequested = defineEvent({
  type: 'legacy_sync.requested',
  version: 1,
  payload: z.strictObject({ scope }),
  aliases: ['LegacySyncRequested'],
  description: 'Data of the old system is to be brought in line.',
  external: true,
  example: { scope: 'price_agreements' },
});

const legacySyncCompleted = defineEvent({
  type: 'legacy_sync.completed',
  version: 1,
  payload: z.strictObject({ scope, succeeded: fields.count, failed: fields.count }),
  aliases: ['LegacySyncCompleted'],
  description: 'Data of the old system was brought in line, as far as it could be.',
  external: true,
  example: { scope: 'price_agreements', succeeded: 118, failed: 2 },
});

export const legacySyncEvents = [legacySyncRequested, legacySyncCompleted] as const;
