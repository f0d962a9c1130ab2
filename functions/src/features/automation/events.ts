import { z } from 'zod';
import { defineEvent, fields } from '#events';

const step = fields.code;
const shipmentId = fields.id.optional();

const stepQueued = defineEvent({
  type: 'automation.step_queued',
  version: 1,
  payload: z.strictObject({ step, shipmentId }),
  aliases: ['AutomationStepQueued'],
  description: 'A step of an automation waits to be run.',
  external: true,
  example: { step: 'ask_for_review', shipmentId: 'shipment123' },
});

const stepSucceeded = defineEvent({
  type: 'automation.step_succeeded',
  version: 1,
  payload: z.strictObject({ step, shipmentId, durationMs: fields.durationMs.optional() }),
  aliases: ['AutomationStepSucceeded'],
  description: 'A step of an automation was carried out.',
  external: true,
  example: { step: 'ask_for_review', shipmentId: 'shipment123', durationMs: 120 },
});

const stepFailed = defineEvent({
  type: 'automation.step_failed',
  version: 1,
  payload: z.strictObject({ step, shipmentId, failureCode: fields.code }),
  aliases: ['AutomationStepFailed'],
  description: 'A step of an automation could not be carried out.',
  external: true,
  example: { step: 'ask_for_review', shipmentId: 'shipment123', failureCode: 'timeout' },
});

export const automationEvents = [stepQueued, stepSucceeded, stepFailed] as const;
