import { z } from 'zod';
import { defineEvent, fields } from '#events';
import { ALERTS } from './decide-alert.ts';

const payload = z.strictObject({
  alert: z.enum(ALERTS),
  value: fields.count,
  threshold: fields.count,
});

const alertRaised = defineEvent({
  type: 'platform.alert_raised',
  version: 1,
  payload,
  description:
    'A number that operators watch is over its threshold: dead letters, pending jobs, or milliseconds.',
  example: { alert: 'dead_letters', value: 14, threshold: 10 },
});

const alertResolved = defineEvent({
  type: 'platform.alert_resolved',
  version: 1,
  payload,
  description: 'That number is well under its threshold again.',
  example: { alert: 'dead_letters', value: 3, threshold: 10 },
});

/** What the platform tells of itself, as its own tenant. */
export const platformEvents = [alertRaised, alertResolved] as const;
/** Any of them. */
export type PlatformEvent = (typeof platformEvents)[number];
