import { describe, expect, test } from '@jest/globals';
import type { PhoneState } from './decide-call.ts';
import { decideCall } from './decide-call.ts';

const NOW_MS = Date.UTC(2030, 0, 31);
const NOW = new Date(NOW_MS);
const LATER = new Date(NOW_MS + 1);
const call = { consentType: 'marketing', nowMs: NOW_MS };
const consented = (voice: Date | null): PhoneState['consents'] => ({ marketing: { voice } });
const consent = (against?: string) =>
  against === undefined
    ? { type: 'consent', passed: true, durationMs: 0 }
    : { type: 'consent', passed: false, reason: against, durationMs: 0 };

describe('a call', () => {
  test.each<[string, PhoneState['consents']]>([
    ['for good', consented(null)],
    ['to a time to come', consented(LATER)],
  ])('may be with a consent %s', (_, consents) => {
    expect(decideCall({ consents, isOnDnc: false }, call)).toEqual({
      kind: 'allowed',
      checks: [consent(), { type: 'dnc', passed: true, durationMs: 0 }],
    });
  });

  test.each<[string, PhoneState['consents'], string]>([
    ['without any consent', {}, 'missing'],
    ['with a consent to something else', { service: { voice: null } }, 'missing'],
    ['with a consent in another channel', { marketing: { sms: null } }, 'missing'],
    ['with a consent that ends just now', consented(NOW), 'expired'],
  ])('may not be %s', (_, consents, reason) => {
    expect(decideCall({ consents, isOnDnc: false }, call)).toEqual({
      kind: 'refused',
      rules: ['consent_required'],
      checks: [consent(reason), { type: 'dnc', passed: true, durationMs: 0 }],
    });
  });

  test('may not be to a phone in a do-not-call list, whatever its owner agreed to', () => {
    expect(decideCall({ consents: consented(null), isOnDnc: true }, call)).toEqual({
      kind: 'refused',
      rules: ['do_not_call'],
      checks: [consent(), { type: 'dnc', passed: false, reason: 'on_list', durationMs: 0 }],
    });
  });

  test('breaks both rules where neither is kept, the graver one first', () => {
    expect(decideCall({ consents: {}, isOnDnc: true }, call)).toMatchObject({
      rules: ['do_not_call', 'consent_required'],
    });
  });

  test('says that nobody has looked the phone up', () => {
    const { checks } = decideCall({ consents: consented(null), isOnDnc: null }, call);
    const reason = 'never_checked';
    expect(checks[1]).toEqual({ type: 'dnc', passed: true, reason, durationMs: 0 });
  });
});
