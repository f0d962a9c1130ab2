import { hashParts, MINUTE_MS, SECOND_MS } from '#kernel';
import type { Finding } from './finding.ts';
import { finding } from './finding.ts';
import type { ContentRow } from './integrity-source.ts';
import type { RecentEvent } from './integrity-state.ts';

/** Whoever sends again because no answer came does so within minutes … */
const WINDOW_SECONDS = (10 * MINUTE_MS) / SECOND_MS;
/** … and so many events are remembered at most, which bounds the state. */
const MAX_RECENT = 500;
const CONTENT_LENGTH = 20;
const REQUEST_LENGTH = 8;

/**
 * Finds plain events that say the same as one shortly before them, under another id. Rows come in the
 * order of time. Events of streams are left out: their content has their version, so that none says the
 * same as another, and a copy is not stored at its own id.
 */
export function findDuplicates(
  before: readonly RecentEvent[],
  rows: readonly ContentRow[],
): { readonly findings: readonly Finding[]; readonly recent: readonly RecentEvent[] } {
  const findings: Finding[] = [];
  // A map keeps its order: the oldest is first.
  const recent = new Map(before.map((event) => [event.content, event]));
  for (const row of rows) {
    const event = plainEventOf(row);
    if (event === undefined) continue;
    const earlier = recent.get(event.content);
    if (earlier !== undefined && event.seconds - earlier.seconds <= WINDOW_SECONDS) {
      findings.push(duplicate(event, earlier));
    }
    recent.delete(event.content);
    recent.set(event.content, event);
    forget(recent, event.seconds - WINDOW_SECONDS);
  }
  return { findings, recent: [...recent.values()] };
}

/** Undefined for an event of a stream, and for what is none: that was found by its id. */
function plainEventOf(row: ContentRow): RecentEvent | undefined {
  const { id, contentHash, correlationId, streamVersion, recordedAt } = row;
  if (typeof contentHash !== 'string' || typeof correlationId !== 'string') return undefined;
  if (streamVersion !== undefined) return undefined;
  return {
    eventId: id,
    content: contentHash.slice(0, CONTENT_LENGTH),
    request: hashParts(correlationId).slice(0, REQUEST_LENGTH),
    seconds: recordedAt.seconds,
  };
}

function duplicate({ eventId, request }: RecentEvent, earlier: RecentEvent): Finding {
  const whose = earlier.request === request ? 'of the same request' : 'of another request';
  const found = `one that says the same as ${earlier.eventId}, ${whose}`;
  return finding('duplicate', eventId, { expected: 'what was not said just before', found });
}

function forget(recent: Map<string, RecentEvent>, beforeSeconds: number): void {
  for (const [content, { seconds }] of recent) {
    if (seconds >= beforeSeconds && recent.size <= MAX_RECENT) return;
    recent.delete(content);
  }
}
