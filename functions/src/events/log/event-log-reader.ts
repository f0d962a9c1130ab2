import type { TimePosition } from '#kernel';
import { MINUTE_MS } from '#kernel';
import type { DomainEvent } from '../event.ts';

/** An event as it is stored, at its place. */
export interface LoggedEvent {
  readonly event: DomainEvent;
  readonly place: TimePosition;
}

/** Some of a tenant's events, in order. */
export interface LogPage {
  /** Documents that are no events are passed over. */
  readonly events: readonly LoggedEvent[];
  /** The place of the last document that was read; undefined where there was none. */
  readonly last: TimePosition | undefined;
  /** Whether nothing came after it when it was read. */
  readonly isLast: boolean;
  /** When it was read by the server's clock, in milliseconds since the epoch. */
  readonly readAtMs: number;
}

/** Reads the `limit` events of a tenant after a place, from the start where none is said. */
export type ReadLogPage = (
  orgId: string,
  page: { readonly after: TimePosition | undefined; readonly limit: number },
) => Promise<LogPage>;

/**
 * An event is in the log, for everybody to read, at most so long after the time it is recorded at: a
 * commit may wait for locks, but Firestore ends it after 270 s.
 */
const SETTLED_AFTER_MS = 5 * MINUTE_MS;

/** The time of a place in milliseconds since the epoch, whole. */
export function timeOfPlace({ seconds, nanoseconds }: TimePosition): number {
  return seconds * 1_000 + Math.floor(nanoseconds / 1_000_000);
}

/**
 * The part of a page among which no event can appear any more, as the log was when the page was read:
 * what was recorded less than five minutes before is left out.
 */
export function settledPart(page: LogPage): LogPage {
  const throughMs = page.readAtMs - SETTLED_AFTER_MS;
  if (page.last === undefined || timeOfPlace(page.last) <= throughMs) return page;
  const events = page.events.filter(({ place }) => timeOfPlace(place) <= throughMs);
  return { ...page, events, last: events.at(-1)?.place, isLast: true };
}
