import type { EventPosition } from '../queries/cursor.ts';

/** The stream that the last page ended in: what its next event, or its end, is held to. */
export interface OpenStream {
  readonly hash: string;
  /** Where its head is; null where no event has told. */
  readonly headPath: string | null;
  /** The last version that is there. */
  readonly version: number;
  /** The chain's hash with the last event; null where that cannot be known. */
  readonly chain: string | null;
  /** When the last event was recorded; null where that cannot be known. */
  readonly recordedAt: Moment | null;
}

/** A time by the server's clock, to the microsecond. */
export interface Moment {
  /** Since the epoch, whole; `nanoseconds` go on from there. */
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** A plain event that those after it are compared with. */
export interface RecentEvent {
  readonly eventId: string;
  /** The first 20 characters of its content hash. */
  readonly content: string;
  /** What tells its correlation id from others: the first 8 characters of a hash. */
  readonly request: string;
  /** When it was recorded, whole seconds since the epoch. */
  readonly seconds: number;
}

/**
 * How far a verification has come, as plain values that a document can keep: at most about 70 KB,
 * however many events there are. The next page may be verified by another process, at any later time.
 */
export interface IntegrityState {
  readonly orgId: string;
  /** First all events in the order of their ids, then all in the order of time. */
  readonly phase: 'by-id' | 'by-time' | 'done';
  /** The last id of the page before. */
  readonly afterId: string | null;
  readonly stream: OpenStream | null;
  /** The last place of the page before. */
  readonly after: EventPosition | null;
  readonly recent: readonly RecentEvent[];
  /** Events that were verified in the first phase. */
  readonly events: number;
  /** Of those, the ones so old that jobs of theirs may have been deleted, as they should be. */
  readonly jobsNotJudged: number;
}

/** The state before the first page. */
export function startOf(orgId: string): IntegrityState {
  return {
    orgId,
    phase: 'by-id',
    afterId: null,
    stream: null,
    after: null,
    recent: [],
    events: 0,
    jobsNotJudged: 0,
  };
}
