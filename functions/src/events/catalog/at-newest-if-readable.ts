import type { DomainEvent } from '../event.ts';
import type { Catalog } from './catalog.ts';
import { EventUnreadableError } from './event-unreadable-error.ts';

/** An event at the newest version of its type or, where this code cannot read that, as it was stored. */
export function atNewestIfReadable(
  catalog: Pick<Catalog, 'atNewest'>,
  stored: DomainEvent,
): DomainEvent {
  try {
    return catalog.atNewest(stored);
  } catch (error) {
    if (error instanceof EventUnreadableError) return stored;
    throw error;
  }
}
