import type { EventOf } from '#events';
import type { ComplianceEvent } from '../events.ts';
import type { PhoneCommand } from '../phone.ts';

/** What a phone of the tests is called. */
export const PHONE = '5f0c2d3a9b1e4f67'.repeat(4);
const OURS = 'c41d8e07ab92f356'.repeat(4);

const consentType = 'marketing';

/** An event of a phone, as `given` takes it. */
interface Said<Type extends ComplianceEvent['type']> {
  readonly eventType: Type;
  readonly payload: EventOf<ComplianceEvent, Type>['payload'];
}

export function granted(
  said: { channel?: string; consentType?: string; expiresAt?: Date } = {},
): Said<'consent.granted'> {
  const payload = {
    phoneNumberHash: PHONE,
    consentType,
    channel: 'voice',
    source: 'form',
    ...said,
  };
  return { eventType: 'consent.granted', payload };
}

export function revoked(type: string = consentType): Said<'consent.revoked'> {
  const why = { reason: 'asked', revokedBy: 'eve' };
  const payload = { phoneNumberHash: PHONE, consentType: type, ...why };
  return { eventType: 'consent.revoked', payload };
}

export function looked(isOnDnc: boolean): Said<'dnc.check_performed'> {
  const how = { lists: ['federal'], checkLatencyMs: 1, cacheHit: false };
  return { eventType: 'dnc.check_performed', payload: { phoneNumberHash: PHONE, isOnDnc, ...how } };
}

/** A step of a call, to be decided on. */
export function step(name: 'created' | 'attempted' | 'started', nowMs: number): PhoneCommand {
  const numbers = { fromNumberHash: OURS, toNumberHash: PHONE };
  return { kind: 'call', nowMs, call: { step: name, callId: 'call1', consentType, ...numbers } };
}
