import { CodedError } from './errors.ts';

/** A range of stored times, in whole milliseconds since the epoch. */
export interface TimeRange {
  readonly fromMs: number;
  /** The last millisecond, inclusive; undefined: without an end. */
  readonly throughMs: number | undefined;
}

/** The years 1 to 9999, which is all that Firestore knows; a bound of this type leaves out other values. */
const FIRST_TIME_MS = -62_135_596_800_000;
const LAST_TIME_MS = 253_402_300_799_999;

/** The range from a time, inclusive, to another, exclusive; throws `invalid-input` where it is none. */
export function rangeOf(from: Date | undefined, to: Date | undefined): TimeRange {
  const wantedMs = from?.getTime() ?? FIRST_TIME_MS;
  const fromMs = Math.min(Math.max(wantedMs, FIRST_TIME_MS), LAST_TIME_MS);
  const throughMs = to === undefined ? undefined : Math.min(to.getTime(), LAST_TIME_MS) - 1;
  if (Number.isNaN(fromMs) || Number.isNaN(throughMs)) throw refusal('from', 'invalid date');
  if (throughMs !== undefined && throughMs < fromMs) {
    throw refusal('to', 'expected later than from');
  }
  return { fromMs, throughMs };
}

function refusal(path: string, message: string): CodedError {
  return new CodedError('invalid-input', 'The range of time is none', [{ path, message }]);
}
