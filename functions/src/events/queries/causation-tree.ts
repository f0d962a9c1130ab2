import type { RecordedEvent } from './event-page.ts';

/** An event and what it caused. */
export interface CausationNode {
  readonly event: RecordedEvent;
  /** It names a cause that is not among the events of the tree: of another correlation, or not read. */
  readonly causeMissing: boolean;
  /** It names a cause that it has caused itself, which cannot be: the tree is cut here. */
  readonly causesItself: boolean;
  /** Oldest first. */
  readonly effects: readonly CausationNode[];
}

/** Which event's tree, and what of it whoever asks may see. */
export interface CausationQuery {
  readonly orgId: string;
  readonly eventId: string;
  /** Those of some events that belong in the tree; default all. */
  readonly visible?: (events: readonly RecordedEvent[]) => Promise<readonly RecordedEvent[]>;
}

/** What led to an event and what came of it. */
export interface CausationTree {
  /** The events that nothing in the tree has caused, oldest first. */
  readonly roots: readonly CausationNode[];
  /** From a root down to the event that was asked for: the ids of both, and of all between. */
  readonly path: readonly string[];
  /** The correlation has more events than were read: the newest of them are left out. */
  readonly truncated: boolean;
}

interface OpenNode extends CausationNode {
  readonly effects: OpenNode[];
}

/**
 * The tree of one correlation's events, given oldest first; the asked one is among them.
 * Every event is in it exactly once, whatever they name as their causes.
 */
export function causationTree(
  events: readonly RecordedEvent[],
  eventId: string,
  truncated: boolean,
): CausationTree {
  const causes = findCauses(events);
  const nodes = new Map<string, OpenNode>();
  for (const event of events) {
    const named = event.metadata.causationId;
    const isThere = named !== undefined && causes.has(named);
    nodes.set(event.eventId, {
      event,
      causeMissing: named !== undefined && !isThere,
      causesItself: isThere && causes.get(event.eventId) === undefined,
      effects: [],
    });
  }
  const roots: OpenNode[] = [];
  for (const [id, node] of nodes) {
    const cause = nodes.get(causes.get(id) ?? '');
    (cause?.effects ?? roots).push(node);
  }
  return { roots, path: pathTo(eventId, causes), truncated };
}

/** Each event's cause, where it is there and the event has not caused it. */
function findCauses(events: readonly RecordedEvent[]): Map<string, string | undefined> {
  const causes = new Map<string, string | undefined>();
  for (const { eventId } of events) causes.set(eventId, undefined);
  // The newest first: of a circle the oldest event is asked last, and becomes a root.
  for (const { eventId, metadata } of events.toReversed()) {
    const cause = metadata.causationId;
    if (cause === undefined || !causes.has(cause)) continue;
    if (!pathTo(cause, causes).includes(eventId)) causes.set(eventId, cause);
  }
  return causes;
}

function pathTo(eventId: string, causes: ReadonlyMap<string, string | undefined>): string[] {
  const path: string[] = [];
  let id: string | undefined = eventId;
  while (id !== undefined) {
    path.push(id);
    id = causes.get(id);
  }
  return path.toReversed();
}
