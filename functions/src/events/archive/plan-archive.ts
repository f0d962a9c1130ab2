import type { DomainEvent } from '../event.ts';
import type { StreamHead } from '../streams/stream.ts';
import type { StoredEvent } from './archive-source.ts';

/** Why an event stays where it is. */
export type Stay =
  /** It is no event, or not the one of its id: `verify` says what to do. */
  | 'no-event'
  /** One of its jobs is not `sent`. */
  | 'open-jobs'
  | 'last-of-its-stream'
  /** An earlier event of its stream stays. */
  | 'behind-one-that-stays'
  /** No snapshot has its entity's state with it. */
  | 'no-snapshot'
  /** The document that its stream's head should be on has none. */
  | 'no-head';

/** What is known of what a page's events belong to. */
export interface Surroundings {
  /** The document that has the head of an event's stream. */
  readonly headPathOf: (event: DomainEvent) => string;
  readonly heads: ReadonlyMap<string, StreamHead>;
  /** Ids of events with a job that is not `sent`. */
  readonly unsent: ReadonlySet<string>;
  /** Up to which version of its stream a state is kept; Infinity where nobody makes states of it. */
  readonly keptThrough: (event: DomainEvent) => number;
}

/** What is to become of a page. */
export interface ArchivePlan {
  readonly going: readonly StoredEvent[];
  readonly skipped: Readonly<Record<string, number>>;
  /** The new `archivedThrough` of heads, by their documents. */
  readonly heads: ReadonlyMap<string, number>;
}

/** Decides which events of a page may go; they come oldest first. */
export function planArchive(page: readonly StoredEvent[], around: Surroundings): ArchivePlan {
  const going: StoredEvent[] = [];
  const skipped: Record<string, number> = {};
  const heads = new Map<string, number>();
  for (const stored of page) {
    const decision = decide(stored, around, heads);
    if (decision === 'goes') going.push(stored);
    else skipped[decision] = (skipped[decision] ?? 0) + 1;
  }
  return { going, skipped, heads };
}

function decide(
  { row: { event } }: StoredEvent,
  around: Surroundings,
  heads: Map<string, number>,
): Stay | 'goes' {
  if (event === undefined) return 'no-event';
  if (around.unsent.has(event.eventId)) return 'open-jobs';
  const { streamVersion: version } = event;
  return version === undefined ? 'goes' : decideInStream(event, version, around, heads);
}

function decideInStream(
  event: DomainEvent,
  version: number,
  around: Surroundings,
  heads: Map<string, number>,
): Stay | 'goes' {
  const path = around.headPathOf(event);
  const head = around.heads.get(path);
  if (head === undefined) return 'no-head';
  if (version >= head.version) return 'last-of-its-stream';
  const through = heads.get(path) ?? head.archivedThrough ?? 0;
  // It was restored, and those behind it were not.
  if (version <= through) return 'goes';
  if (version > through + 1) return 'behind-one-that-stays';
  if (version > around.keptThrough(event)) return 'no-snapshot';
  heads.set(path, version);
  return 'goes';
}
