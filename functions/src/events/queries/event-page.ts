import type { DomainEvent } from '../event.ts';

/** An event with the time at which it was committed, by the server's clock, cut to milliseconds. */
export interface RecordedEvent extends DomainEvent {
  readonly recordedAt: Date;
}

/** Some of the events that were asked for. */
export interface EventPage {
  readonly events: readonly RecordedEvent[];
  /** Where the next page begins; undefined after the last. A page that was just full may be the last. */
  readonly nextCursor: string | undefined;
}
