import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { DomainEvent } from '#events';
import { DAY_MS } from '#kernel';
import { anInvoiceEvent } from '../../events/testing/stored-event.ts';
import type { PhoneState } from './decide-call.ts';
import { decideCall } from './decide-call.ts';
import { phone } from './phone.ts';
import { NOTHING_KNOWN, phoneCompliance } from './phone-compliance.ts';
import { phoneStatusAt } from './phone-status.ts';
import { granted, looked, PHONE, revoked } from './testing/phone-events.ts';

const NOW_MS = Date.UTC(2030, 0, 31, 12);

interface Said {
  readonly eventType: string;
  readonly payload: object;
}

const attempted: Said = { eventType: 'call.attempted', payload: { toNumberHash: PHONE } };
const violated = (severity: string): Said => ({
  eventType: 'compliance.violation_detected',
  payload: { severity },
});

/** An event of the phone at this version of its stream. */
function happened(said: Said, streamVersion: number, atMs = NOW_MS): DomainEvent {
  const entity = { entityType: 'phone', entityId: PHONE };
  return anInvoiceEvent({ ...said, ...entity, streamVersion, occurredAt: new Date(atMs) });
}

function knownAfter(events: readonly DomainEvent[]) {
  const apply = (state: unknown, event: DomainEvent) => phoneCompliance.apply(state, event);
  const known = events.reduce<unknown>(apply, undefined) as typeof NOTHING_KNOWN | undefined;
  return known ?? NOTHING_KNOWN;
}

const statusAfter = (events: readonly DomainEvent[], nowMs = NOW_MS) =>
  phoneStatusAt(knownAfter(events), nowMs);

const aTimeMs = fc.integer({ min: NOW_MS - 3 * DAY_MS, max: NOW_MS });
const aKind = fc.constantFrom('marketing', 'constructor');
const anEvent: fc.Arbitrary<Said> = fc.oneof(
  fc
    .record(
      {
        consentType: aKind,
        channel: fc.constantFrom('voice', 'sms'),
        expiresAt: fc.integer({ min: -2, max: 2 }).map((days) => new Date(NOW_MS + days * DAY_MS)),
      },
      { requiredKeys: ['consentType', 'channel'] },
    )
    .map(granted),
  aKind.map(revoked),
  fc.boolean().map(looked),
  fc.constantFrom('high', 'medium', 'other').map(violated),
  fc.constant(attempted),
);
const aStream = fc
  .array(fc.tuple(anEvent, aTimeMs), { maxLength: 15 })
  .map((all) => all.map(([said, atMs], index) => happened(said, index + 1, atMs)));

describe('in whatever order its events come', () => {
  const shuffled = aStream.chain((events) =>
    fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
  );

  test('it comes to the same', () => {
    fc.assert(
      fc.property(shuffled, ([events, others]) => {
        expect(knownAfter(others)).toEqual(knownAfter(events));
      }),
    );
  });

  test('it knows the consents that calls are decided by, and the last look', () => {
    fc.assert(
      fc.property(shuffled, aKind, ([events, others], consentType) => {
        const state = events.reduce<PhoneState>(
          (before, event) => phone.evolve(before, event as never),
          phone.initial(),
        );
        const { consents, dnc } = statusAfter(others);
        const isGranted = consents.some(
          (one) =>
            one.consentType === consentType && one.channel === 'voice' && one.status === 'granted',
        );
        const [check] = decideCall(state, { consentType, nowMs: NOW_MS }).checks;
        expect([isGranted, dnc?.isOnDnc ?? null]).toEqual([check?.passed, state.isOnDnc]);
      }),
    );
  });

  test('it knows the calls of the last 24 hours, whenever it is asked', () => {
    const later = fc.integer({ min: 0, max: 3 * DAY_MS });
    fc.assert(
      fc.property(shuffled, later, ([, others], afterMs) => {
        const nowMs = NOW_MS + afterMs;
        const calls = others
          .filter(({ eventType }) => eventType === 'call.attempted')
          .map(({ occurredAt }) => occurredAt?.getTime() ?? 0);
        const within = calls.filter((ms) => ms > nowMs - DAY_MS);
        const { callsIn24h, lastCallAt } = statusAfter(others, nowMs);
        const lastMs = calls.length === 0 ? null : Math.max(...calls);
        expect(callsIn24h).toBe(within.length);
        expect(lastCallAt).toBe(lastMs === null ? null : new Date(lastMs).toISOString());
      }),
    );
  });
});

describe('what is kept of attempts', () => {
  test('is those of the 24 hours before the last one, and no more', () => {
    const atMs = [0, 1, DAY_MS, DAY_MS + 1].map((ms) => NOW_MS + ms);
    const events = atMs.map((ms, index) => happened(attempted, index + 1, ms));
    expect(knownAfter(events).attemptsMs).toEqual([NOW_MS + DAY_MS, NOW_MS + DAY_MS + 1]);
  });

  test('counts until it is 24 hours old', () => {
    const events = [happened(attempted, 1, NOW_MS)];
    expect(statusAfter(events, NOW_MS + DAY_MS - 1).callsIn24h).toBe(1);
    expect(statusAfter(events, NOW_MS + DAY_MS).callsIn24h).toBe(0);
  });

  test('is nothing of one that does not say when it was', () => {
    const event = { ...happened(attempted, 1), occurredAt: undefined };
    expect(knownAfter([event])).toEqual(NOTHING_KNOWN);
  });
});

describe('a consent', () => {
  test.each([
    ['granted', [granted()], 'granted', null],
    ['revoked', [granted(), revoked()], 'revoked', null],
    ['granted anew', [granted(), revoked(), granted()], 'granted', null],
    ['over', [granted({ expiresAt: new Date(NOW_MS) })], 'expired', '2030-01-31T12:00:00.000Z'],
  ])('is %s', (_, said, status, expiresAt) => {
    const events = said.map((one, index) => happened(one, index + 1));
    const consent = { consentType: 'marketing', channel: 'voice', status, expiresAt };
    expect(statusAfter(events).consents).toEqual([consent]);
  });

  test('is listed with the others by kind and channel', () => {
    const said = [granted(), granted({ channel: 'sms' }), granted({ consentType: 'ads' })];
    const { consents } = statusAfter(said.map((one, index) => happened(one, index + 1)));
    expect(consents.map(({ consentType, channel }) => `${consentType} ${channel}`)).toEqual([
      'ads voice',
      'marketing sms',
      'marketing voice',
    ]);
  });
});

test.each([
  [[], 100],
  [['medium'], 90],
  [['high', 'medium', 'other'], 55],
  [Array.from({ length: 5 }, () => 'high'), 0],
])('violations %p leave a score of %p', (severities, score) => {
  const events = severities.map((severity, index) => happened(violated(severity), index + 1));
  expect(statusAfter(events)).toMatchObject({ score, violations: severities.length });
});

test('what every object answers to is a kind and a severity like others', () => {
  const kind = 'constructor';
  const said = [granted({ consentType: kind, channel: 'name' }), revoked(kind), violated(kind)];
  const { consents, score } = statusAfter(said.map((one, index) => happened(one, index + 1)));
  expect([consents.map(({ status }) => status), score]).toEqual([['revoked'], 90]);
});

test('an event of anything but a phone is of no document', () => {
  if (!('keyOf' in phoneCompliance)) throw new Error('It has keys.');
  expect(phoneCompliance.keyOf(happened(attempted, 1))).toBe(PHONE);
  expect(phoneCompliance.keyOf({ ...happened(attempted, 1), entityType: 'call' })).toBeUndefined();
});
