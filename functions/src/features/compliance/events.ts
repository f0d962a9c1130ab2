import { z } from 'zod';
import { defineEvent, fields } from '#events';

const { phoneNumberHash } = fields;
const consentType = fields.code;
const numbers = { fromNumberHash: phoneNumberHash, toNumberHash: phoneNumberHash };
const direction = z.enum(['inbound', 'outbound']);
const complianceCheck = z.strictObject({
  type: fields.code,
  passed: z.boolean(),
  reason: fields.label.optional(),
  durationMs: fields.durationMs,
});
/** Not in the events of before calls had a document of their own. */
const callId = fields.id.optional();
/** What hashes of numbers look like. */
const ours = '5f0c2d3a9b1e4f67'.repeat(4);
const theirs = 'c41d8e07ab92f356'.repeat(4);

const consentGranted = defineEvent({
  type: 'consent.granted',
  version: 1,
  payload: z.strictObject({
    phoneNumberHash,
    consentType,
    channel: fields.code,
    expiresAt: z.date().optional(),
    ipAddress: fields.code.optional(),
    source: fields.label,
  }),
  aliases: ['ConsentGrantedEvent'],
  description: 'Somebody agreed to be contacted.',
  example: {
    phoneNumberHash: theirs,
    consentType: 'marketing',
    channel: 'voice',
    expiresAt: new Date('2031-01-31T00:00:00Z'),
    ipAddress: '192.0.2.1',
    source: 'web form',
  },
});

const consentRevoked = defineEvent({
  type: 'consent.revoked',
  version: 1,
  payload: z.strictObject({
    phoneNumberHash,
    consentType,
    reason: fields.label,
    revokedBy: fields.label,
  }),
  aliases: ['ConsentRevokedEvent'],
  description: 'Somebody no longer agrees to be contacted.',
  example: {
    phoneNumberHash: theirs,
    consentType: 'marketing',
    reason: 'asked on the phone',
    revokedBy: 'agent12',
  },
});

const dncCheckPerformed = defineEvent({
  type: 'dnc.check_performed',
  version: 1,
  payload: z.strictObject({
    phoneNumberHash,
    isOnDnc: z.boolean(),
    lists: z.array(fields.code).max(100),
    checkLatencyMs: fields.durationMs,
    cacheHit: z.boolean(),
  }),
  aliases: ['DNCCheckPerformedEvent'],
  description: 'A number was looked up in the do-not-call lists.',
  example: {
    phoneNumberHash: theirs,
    isOnDnc: false,
    lists: ['federal', 'state'],
    checkLatencyMs: 42,
    cacheHit: false,
  },
});

const violationDetected = defineEvent({
  type: 'compliance.violation_detected',
  version: 1,
  payload: z.strictObject({
    violationType: fields.code,
    severity: fields.code,
    callId: fields.id.optional(),
    phoneNumberHash,
    rulesViolated: z.array(fields.code).max(100),
    details: z.record(z.string(), z.unknown()),
  }),
  aliases: ['ComplianceViolationDetectedEvent'],
  description: 'Something was done that a rule forbids.',
  example: {
    violationType: 'time_of_day',
    severity: 'high',
    callId: 'call123',
    phoneNumberHash: theirs,
    rulesViolated: ['tcpa_8am_9pm'],
    details: { localHour: 22 },
  },
});

const callCreated = defineEvent({
  type: 'call.created',
  version: 1,
  payload: z.strictObject({ ...numbers, callId, direction }),
  aliases: ['CallCreatedEvent'],
  description: 'A call is to be made, or came in.',
  example: {
    fromNumberHash: ours,
    toNumberHash: theirs,
    callId: 'call123',
    direction: 'outbound',
  },
});

const callStarted = defineEvent({
  type: 'call.started',
  version: 1,
  payload: z.strictObject({ ...numbers, callId, startedAt: z.date() }),
  aliases: ['CallStartedEvent'],
  description: 'A call was put through.',
  example: {
    fromNumberHash: ours,
    toNumberHash: theirs,
    callId: 'call123',
    startedAt: new Date('2030-01-31T12:00:00Z'),
  },
});

const callAttempted = defineEvent({
  type: 'call.attempted',
  version: 1,
  payload: z.strictObject({
    ...numbers,
    callId,
    direction,
    complianceChecks: z.array(complianceCheck).max(100),
  }),
  aliases: ['CallAttemptedEvent'],
  description: 'A call was tried, after these checks.',
  example: {
    fromNumberHash: ours,
    toNumberHash: theirs,
    callId: 'call123',
    direction: 'outbound',
    complianceChecks: [{ type: 'dnc', passed: true, durationMs: 42 }],
  },
});

export const complianceEvents = [
  consentGranted,
  consentRevoked,
  dncCheckPerformed,
  violationDetected,
  callCreated,
  callStarted,
  callAttempted,
] as const;
export type ComplianceEvent = (typeof complianceEvents)[number];
