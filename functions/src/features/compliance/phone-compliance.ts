import type { EventOf } from '#events';
import { projectionsOf } from '#events';
import { DAY_MS, ownValue } from '#kernel';
import type { ConsentEnd } from './decide-call.ts';
import type { ComplianceEvent } from './events.ts';

/** A consent that was given, by the version of the phone's stream that did. */
interface Granted {
  readonly version: number;
  readonly expiresAt: ConsentEnd;
}

/** What is known of a phone, by its events. Nothing in it depends on when it is read. */
export interface PhoneCompliance {
  /** By kind, then by channel. */
  readonly granted: Readonly<Record<string, Readonly<Record<string, Granted>>>>;
  /** By kind, the last version that withdrew it. */
  readonly revoked: Readonly<Record<string, number>>;
  readonly dnc: {
    readonly version: number;
    readonly isOnDnc: boolean;
    readonly lists: readonly string[];
    readonly checkedAt: Date | null;
  } | null;
  readonly lastCallAt: Date | null;
  /**
   * Attempts of the 24 hours before the last one, in milliseconds since the epoch and in order. A stream takes
   * about one event a second, so that even a day of that is within what a document holds.
   */
  readonly attemptsMs: readonly number[];
  /** How many there were, by severity. */
  readonly violations: Readonly<Record<string, number>>;
}

type Of<Type extends ComplianceEvent['type']> = EventOf<ComplianceEvent, Type>;
type PhoneEvent = Of<ComplianceEvent['type']>;

/** Of a phone without any event. */
export const NOTHING_KNOWN: PhoneCompliance = {
  granted: {},
  revoked: {},
  dnc: null,
  lastCallAt: null,
  attemptsMs: [],
  violations: {},
};

/**
 * Of each phone. Its events come in any order: of what replaces each other the later version counts, times
 * are kept whole, and the rest is counted.
 */
export const phoneCompliance = projectionsOf<ComplianceEvent>()(
  ['consent.*', 'dnc.*', 'compliance.*', 'call.*'],
  {
    id: 'phone_compliance',
    collection: 'projections_phone_compliance',
    keyOf: ({ entityType, entityId }) => (entityType === 'phone' ? entityId : undefined),
    apply: (state: PhoneCompliance = NOTHING_KNOWN, event) => ({
      ...state,
      ...changeBy(state, event),
    }),
  },
);

function changeBy(state: PhoneCompliance, event: PhoneEvent): Partial<PhoneCompliance> {
  switch (event.eventType) {
    case 'consent.granted':
      return grantedWith(state, event);
    case 'consent.revoked':
      return revokedWith(state, event);
    case 'dnc.check_performed':
      return checkedWith(state, event);
    case 'compliance.violation_detected':
      return violatedWith(state, event);
    case 'call.attempted':
      return attemptsWith(state, event);
    case 'call.created':
    case 'call.started':
      return {};
  }
}

function grantedWith(
  { granted }: PhoneCompliance,
  { streamVersion: version = 0, payload }: Of<'consent.granted'>,
): Partial<PhoneCompliance> {
  const { consentType, channel, expiresAt = null } = payload;
  const channels = ownValue(granted, consentType) ?? {};
  if ((ownValue(channels, channel)?.version ?? 0) > version) return {};
  const now = { ...channels, [channel]: { version, expiresAt } };
  return { granted: { ...granted, [consentType]: now } };
}

function revokedWith(
  { revoked }: PhoneCompliance,
  { streamVersion = 0, payload: { consentType } }: Of<'consent.revoked'>,
): Partial<PhoneCompliance> {
  const last = Math.max(streamVersion, ownValue(revoked, consentType) ?? 0);
  return { revoked: { ...revoked, [consentType]: last } };
}

function checkedWith(
  { dnc }: PhoneCompliance,
  { streamVersion: version = 0, occurredAt, payload }: Of<'dnc.check_performed'>,
): Partial<PhoneCompliance> {
  if ((dnc?.version ?? 0) > version) return {};
  const { isOnDnc, lists } = payload;
  return { dnc: { version, isOnDnc, lists, checkedAt: occurredAt ?? null } };
}

function violatedWith(
  { violations }: PhoneCompliance,
  { payload: { severity } }: Of<'compliance.violation_detected'>,
): Partial<PhoneCompliance> {
  const count = ownValue(violations, severity) ?? 0;
  return { violations: { ...violations, [severity]: count + 1 } };
}

function attemptsWith(
  { attemptsMs }: PhoneCompliance,
  { occurredAt }: Of<'call.attempted'>,
): Partial<PhoneCompliance> {
  if (occurredAt === undefined) return {};
  const all = [...attemptsMs, occurredAt.getTime()].toSorted((a, b) => a - b);
  const lastMs = all.at(-1) ?? 0;
  return { lastCallAt: new Date(lastMs), attemptsMs: all.filter((ms) => ms > lastMs - DAY_MS) };
}
