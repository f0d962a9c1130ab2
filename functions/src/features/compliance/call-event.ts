import type { RaisedEvent } from '#events';
import type { CallDecision, PhoneState } from './decide-call.ts';
import { decideCall } from './decide-call.ts';
import type { ComplianceEvent } from './events.ts';

/** A step of a call to a phone. */
export interface CallStep {
  readonly step: 'created' | 'attempted' | 'started';
  readonly callId: string;
  /** What the phone's owner must have agreed to. */
  readonly consentType: string;
  readonly fromNumberHash: string;
  readonly toNumberHash: string;
}

/** The event of a step that may be taken, or that of the violation it would be: one of the two is recorded. */
export function callEvent(
  state: PhoneState,
  call: CallStep,
  nowMs: number,
): RaisedEvent<ComplianceEvent> {
  const decision = decideCall(state, { ...call, nowMs });
  const occurredAt = new Date(nowMs);
  if (decision.kind === 'refused') return { occurredAt, ...violation(call, decision) };
  const { callId, fromNumberHash, toNumberHash } = call;
  const related = [`call:${callId}`];
  const of = { callId, fromNumberHash, toNumberHash };
  const direction = 'outbound' as const;
  switch (call.step) {
    case 'created':
      return {
        occurredAt,
        related,
        eventType: 'call.created' as const,
        payload: { ...of, direction },
      };
    case 'attempted': {
      const payload = { ...of, direction, complianceChecks: decision.checks };
      return { occurredAt, related, eventType: 'call.attempted' as const, payload };
    }
    case 'started': {
      const payload = { ...of, startedAt: occurredAt };
      return { occurredAt, related, eventType: 'call.started' as const, payload };
    }
  }
}

/** Of a call that was refused when it was to be created there is no document, and nothing to be related to. */
function violation(
  { step, callId, consentType, toNumberHash }: CallStep,
  { checks, rules }: Extract<CallDecision, { readonly kind: 'refused' }>,
) {
  const isOnDnc = rules.includes('do_not_call');
  const ofCall = step === 'created' ? {} : { callId };
  return {
    eventType: 'compliance.violation_detected' as const,
    ...(step === 'created' ? {} : { related: [`call:${callId}`] }),
    payload: {
      ...ofCall,
      violationType: isOnDnc ? 'call_to_listed_number' : 'call_without_consent',
      severity: isOnDnc ? 'high' : 'medium',
      phoneNumberHash: toNumberHash,
      rulesViolated: rules,
      details: { step, consentType, checks },
    },
  };
}
