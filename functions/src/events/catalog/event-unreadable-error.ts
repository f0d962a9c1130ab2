import type { Problem } from '#kernel';
import { CodedError } from '#kernel';

/** A stored event that this code cannot hand out at the newest version; the event itself is unharmed. */
export class EventUnreadableError extends CodedError {
  /**
   * Whether newer code may be able to: the type, its version or what the payload holds is unknown here,
   * as it is to old code during a rollout. Else it is this code's own upcaster that cannot.
   */
  readonly isUnknown: boolean;

  constructor(
    isUnknown: boolean,
    eventType: string,
    problems: readonly Problem[],
    options?: ErrorOptions,
  ) {
    super('event-unreadable', `${eventType.slice(0, 100)} cannot be read`, problems, options);
    this.isUnknown = isUnknown;
  }
}
