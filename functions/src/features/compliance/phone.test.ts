import { describe, expect, test } from '@jest/globals';
import { given } from '#events/testing';
import { phone } from './phone.ts';
import { granted, looked, PHONE, revoked, step } from './testing/phone-events.ts';

const NOW_MS = Date.UTC(2030, 0, 31);
const NOW = new Date(NOW_MS);
const grant = (said = {}) => ({
  kind: 'grant' as const,
  nowMs: NOW_MS,
  payload: granted(said).payload,
});

describe('a consent', () => {
  test('is given to a time to come, or for good', () => {
    const expiresAt = new Date(NOW_MS + 1);
    const { events, state } = given(phone).when(grant({ expiresAt }));
    expect(events).toEqual([{ ...granted({ expiresAt }), occurredAt: NOW }]);
    expect(state).toEqual({ consents: { marketing: { voice: expiresAt } }, isOnDnc: null });
    expect(given(phone).when(grant()).state.consents).toEqual({ marketing: { voice: null } });
  });

  test('is not given to a time that is now or over', () => {
    expect(() => given(phone).when(grant({ expiresAt: NOW }))).toThrow('ended already');
  });

  test('is withdrawn in all its channels, and another one stays', () => {
    const others = [granted(), granted({ channel: 'sms' }), granted({ consentType: 'service' })];
    const { payload } = revoked();
    const { events, state } = given(phone, ...others).when({
      kind: 'revoke',
      nowMs: NOW_MS,
      payload,
    });
    expect(events).toEqual([{ ...revoked(), occurredAt: NOW }]);
    expect(state.consents).toEqual({ service: { voice: null } });
  });

  test.each([
    ['that there was not', []],
    ['twice', [granted(), revoked()]],
  ])('is not withdrawn %s', (_, before) => {
    const { payload } = revoked();
    const withdraw = () => given(phone, ...before).when({ kind: 'revoke', nowMs: NOW_MS, payload });
    expect(withdraw).toThrow(expect.objectContaining({ code: 'failed-precondition' }));
  });

  test('of a kind that every object answers to is there once it was given', () => {
    const [kind, channel] = ['constructor', 'name'];
    const { payload } = revoked(kind);
    const revoke = { kind: 'revoke' as const, nowMs: NOW_MS, payload };
    expect(() => given(phone, granted()).when(revoke)).toThrow('no such consent');
    const odd = granted({ consentType: kind, channel });
    expect(given(phone, odd).when(revoke).events).toHaveLength(1);
    const fifty = Array.from({ length: 50 }, (_, n) => granted({ consentType: `kind_${n}` }));
    const grantOdd = () => given(phone, ...fifty).when(grant({ consentType: kind, channel }));
    expect(grantOdd).toThrow('at most 50 consents');
  });

  test('may be one of 50 of a phone, and be given anew then', () => {
    const fifty = Array.from({ length: 50 }, (_, n) => granted({ consentType: `kind_${n}` }));
    const full = given(phone, ...fifty);
    expect(() => full.when(grant())).toThrow('at most 50 consents');
    expect(full.when(grant({ consentType: 'kind_7' })).events).toHaveLength(1);
  });
});

describe('a step of a call', () => {
  test.each(['created', 'attempted', 'started'] as const)(
    'that may be taken is recorded: %s',
    (name) => {
      const { events } = given(phone, granted(), looked(false)).when(step(name, NOW_MS));
      expect(events).toEqual([
        {
          eventType: `call.${name}`,
          occurredAt: NOW,
          related: ['call:call1'],
          payload: expect.objectContaining({ callId: 'call1', toNumberHash: PHONE }),
        },
      ]);
    },
  );

  test.each([
    ['was withdrawn', [granted(), revoked()], 'call_without_consent', 'medium'],
    ['is in a list', [granted(), looked(true)], 'call_to_listed_number', 'high'],
  ])('is a violation where the consent or phone %s', (_, before, violationType, severity) => {
    const { events } = given(phone, ...before).when(step('attempted', NOW_MS));
    expect(events).toEqual([
      {
        eventType: 'compliance.violation_detected',
        occurredAt: NOW,
        related: ['call:call1'],
        payload: expect.objectContaining({ violationType, severity, callId: 'call1' }),
      },
    ]);
  });

  test('is of no call where it would have been the first', () => {
    const [event] = given(phone).when(step('created', NOW_MS)).events;
    expect(event).not.toHaveProperty('related');
    expect(event?.payload).not.toHaveProperty('callId');
  });

  test('changes nothing that the next one is decided by', () => {
    const before = given(phone, granted(), looked(true));
    const { state } = before.when(step('created', NOW_MS));
    expect(state).toEqual({ consents: { marketing: { voice: null } }, isOnDnc: true });
  });
});

test('the last look is the one that counts', () => {
  const { state } = given(phone, looked(true)).when({
    kind: 'check',
    nowMs: NOW_MS,
    payload: looked(false).payload,
  });
  expect(state.isOnDnc).toBe(false);
});
