import type { EventOf } from '#events';
import { ownValue } from '#kernel';
import type { ComplianceEvent } from './events.ts';

/** When a consent ends; null where it does not by itself. */
export type ConsentEnd = Date | null;

/** What is known of a phone that calls are decided by. */
export interface PhoneState {
  /** By what was agreed to, then by channel; what was withdrawn is not there any more. */
  readonly consents: Readonly<Record<string, Readonly<Record<string, ConsentEnd>>>>;
  /** Whether the last look found it in a do-not-call list; null before the first. */
  readonly isOnDnc: boolean | null;
}

/** A rule that a call can break. */
export type CallRule = 'consent_required' | 'do_not_call';
type Check = EventOf<ComplianceEvent, 'call.attempted'>['payload']['complianceChecks'][number];

/** Whether a call may go on, and what was looked at. */
export type CallDecision =
  | { readonly kind: 'allowed'; readonly checks: Check[] }
  | { readonly kind: 'refused'; readonly checks: Check[]; readonly rules: CallRule[] };

/** A call needs a consent of its kind for `voice` that has not ended, and a phone that is in no do-not-call list. */
export function decideCall(
  { consents, isOnDnc }: PhoneState,
  { consentType, nowMs }: { readonly consentType: string; readonly nowMs: number },
): CallDecision {
  const consent = checkConsent(ownValue(consents, consentType)?.['voice'], nowMs);
  const dnc = checkDnc(isOnDnc);
  const checks = [consent, dnc];
  const rules: CallRule[] = [];
  if (!dnc.passed) rules.push('do_not_call');
  if (!consent.passed) rules.push('consent_required');
  return rules.length === 0 ? { kind: 'allowed', checks } : { kind: 'refused', checks, rules };
}

/** Whether a consent has ended by now. */
export function hasEnded(endsAt: ConsentEnd, nowMs: number): boolean {
  return endsAt !== null && endsAt.getTime() <= nowMs;
}

// Both take no time: all that they ask is known already.

function checkConsent(endsAt: ConsentEnd | undefined, nowMs: number): Check {
  const type = 'consent';
  if (endsAt === undefined) return { type, passed: false, reason: 'missing', durationMs: 0 };
  if (hasEnded(endsAt, nowMs)) return { type, passed: false, reason: 'expired', durationMs: 0 };
  return { type, passed: true, durationMs: 0 };
}

/** A phone that nobody has looked up may be called, and the event says so. */
function checkDnc(isOnDnc: boolean | null): Check {
  const type = 'dnc';
  if (isOnDnc === null) return { type, passed: true, reason: 'never_checked', durationMs: 0 };
  if (isOnDnc) return { type, passed: false, reason: 'on_list', durationMs: 0 };
  return { type, passed: true, durationMs: 0 };
}
