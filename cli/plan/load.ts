import type { NumberRead, Range } from './decimal.ts';
import { readNumber } from './decimal.ts';

/** What a plan is made for. */
export interface Load {
  /** A second. */
  readonly events: number;
  /** How many react to an event. */
  readonly subscriptions: number;
  /** The share of them that call other systems. */
  readonly external: number;
  /** People that an event is told to, each by a notification and an e-mail. */
  readonly recipients: number;
  /** Of an event. */
  readonly payloadBytes: number;
  /** The share of calls to other systems that fail and are made again. */
  readonly retries: number;
  /** The largest tenant's share of the events. */
  readonly largestTenant: number;
  /** What a call to another system takes. */
  readonly sendMs: number;
  /** What a commit to Firestore takes. */
  readonly commitMs: number;
  /** ARCHIVE_AFTER_DAYS. */
  readonly keptDays: number;
  /** OUTBOX_KEEP_SENT_DAYS. */
  readonly sentDays: number;
}

interface Term extends Range {
  readonly name: keyof Load;
  readonly otherwise: number;
  readonly what: string;
}

/** As the settings take them. */
const DAYS = [7, 36_500] as const;
/** The most that OUTBOX_TIMEOUT_MS can be, beside the usual margin: a call that takes longer is aborted. */
export const LONGEST_CALL_MS = 45_000;

/** What may be said of a load, what is taken otherwise, and between which numbers it has to be. */
export const LOAD_TERMS: readonly Term[] = [
  termOf('events', 'events', 1, [0.001, 100_000], 'events a second'),
  termOf('subscriptions', 'subscriptions', 2, [0, 100], 'subscriptions that react to an event'),
  termOf('external', 'external', 0.5, [0, 1], 'the share of them that call other systems'),
  termOf('recipients', 'recipients', 1, [0, 10_000], 'people that an event is told to'),
  termOf('payloadBytes', 'payload', 500, [0, 256_000], 'bytes of an event’s payload'),
  termOf('retries', 'retries', 0.01, [0, 1], 'the share of calls to other systems that fail'),
  termOf(
    'largestTenant',
    'largest-tenant',
    0.1,
    [0, 1],
    'the largest tenant’s share of the events',
  ),
  termOf('sendMs', 'send-ms', 200, [1, LONGEST_CALL_MS], 'what a call to another system takes'),
  termOf('commitMs', 'commit-ms', 20, [1, 60_000], 'what a commit takes: measure yours'),
  termOf('keptDays', 'kept-days', 90, DAYS, 'days until an event is archived (ARCHIVE_AFTER_DAYS)'),
  termOf(
    'sentDays',
    'sent-days',
    7,
    DAYS,
    'days until a sent job is deleted (OUTBOX_KEEP_SENT_DAYS)',
  ),
];

/** A load, or the first thing that is wrong with what was said. */
export type LoadRead =
  | { readonly kind: 'load'; readonly load: Load }
  | Extract<NumberRead, { readonly kind: 'wrong' }>;

/** Reads what somebody said, by the names of `Load`; each is a number as text. */
export function readLoad(said: Readonly<Record<string, string | undefined>>): LoadRead {
  const numbers = new Map<string, number>();
  for (const term of LOAD_TERMS) {
    const read = readNumber(said[term.name] ?? `${term.otherwise}`, term);
    if (read.kind === 'wrong') return read;
    numbers.set(term.name, read.number);
  }
  return { kind: 'load', load: Object.fromEntries(numbers) as unknown as Load };
}

function termOf(
  name: keyof Load,
  flag: string,
  otherwise: number,
  ...[[least, most], what]: readonly [readonly [number, number], string]
): Term {
  return { name, flag, otherwise, least, most, what };
}
