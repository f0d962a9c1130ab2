import type { Catalog } from '../catalog/catalog.ts';
import { EventUnreadableError } from '../catalog/event-unreadable-error.ts';
import type { DomainEvent } from '../event.ts';
import type { Projection } from './projection.ts';
import { ProjectionFailedError } from './projection-failed-error.ts';

/** A stored event at the newest version of its type; where it cannot be, `event-unreadable` names the event too. */
export function readableEvent(
  catalog: Pick<Catalog, 'atNewest'>,
  { id }: Projection,
  stored: DomainEvent,
): DomainEvent {
  try {
    return catalog.atNewest(stored);
  } catch (cause) {
    if (!(cause instanceof EventUnreadableError)) throw cause;
    const { code, problems } = cause;
    throw new ProjectionFailedError(id, stored, problems, { code, cause });
  }
}
