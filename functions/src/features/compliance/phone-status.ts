import { DAY_MS, ownValue } from '#kernel';
import type { ConsentEnd } from './decide-call.ts';
import { hasEnded } from './decide-call.ts';
import type { PhoneCompliance } from './phone-compliance.ts';

/** What a violation takes from the score; one of another severity as much as a medium one. */
const WEIGHTS: Readonly<Record<string, number>> = { high: 25, medium: 10 };
const OTHER_WEIGHT = 10;
const FULL_SCORE = 100;

/** How a phone stands at a time; times are ISO 8601 texts in UTC. */
export type PhoneStatus = {
  /** By kind and channel. */
  readonly consents: readonly ConsentStatus[];
  /** The last look into do-not-call lists; null before the first. */
  readonly dnc: {
    readonly isOnDnc: boolean;
    readonly lists: readonly string[];
    readonly checkedAt: string | null;
  } | null;
  /** The last attempt. */
  readonly lastCallAt: string | null;
  /** Attempts of the 24 hours before the question. */
  readonly callsIn24h: number;
  readonly violations: number;
  /** 0 to 100. */
  readonly score: number;
};

type ConsentStatus = {
  readonly consentType: string;
  readonly channel: string;
  readonly status: 'granted' | 'revoked' | 'expired';
  readonly expiresAt: string | null;
};

export function phoneStatusAt(known: PhoneCompliance, nowMs: number): PhoneStatus {
  return {
    consents: consentsAt(known, nowMs),
    dnc: dncOf(known),
    lastCallAt: known.lastCallAt?.toISOString() ?? null,
    callsIn24h: known.attemptsMs.filter((ms) => ms > nowMs - DAY_MS).length,
    violations: Object.values(known.violations).reduce((sum, count) => sum + count, 0),
    score: scoreOf(known),
  };
}

function consentsAt(known: PhoneCompliance, nowMs: number): ConsentStatus[] {
  return Object.entries(known.granted)
    .flatMap(([consentType, channels]) =>
      Object.entries(channels).map(([channel, { version, expiresAt }]) => ({
        consentType,
        channel,
        status: consentStatus(
          version < (ownValue(known.revoked, consentType) ?? 0),
          expiresAt,
          nowMs,
        ),
        expiresAt: expiresAt?.toISOString() ?? null,
      })),
    )
    .toSorted((a, b) => byText(`${a.consentType} ${a.channel}`, `${b.consentType} ${b.channel}`));
}

function consentStatus(
  isRevoked: boolean,
  endsAt: ConsentEnd,
  nowMs: number,
): ConsentStatus['status'] {
  if (isRevoked) return 'revoked';
  return hasEnded(endsAt, nowMs) ? 'expired' : 'granted';
}

/** By code unit: the same on every machine. */
function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function dncOf({ dnc }: PhoneCompliance): PhoneStatus['dnc'] {
  if (dnc === null) return null;
  const { isOnDnc, lists, checkedAt } = dnc;
  return { isOnDnc, lists, checkedAt: checkedAt?.toISOString() ?? null };
}

/** 100 less what each violation takes, never below 0. */
function scoreOf({ violations }: PhoneCompliance): number {
  const taken = Object.entries(violations).reduce(
    (sum, [severity, count]) => sum + count * (ownValue(WEIGHTS, severity) ?? OTHER_WEIGHT),
    0,
  );
  return Math.max(0, FULL_SCORE - taken);
}
