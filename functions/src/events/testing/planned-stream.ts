import type { DocumentWrite } from '#kernel';
import { planEvent } from '../emit/plan-event.ts';
import type { EventInput } from '../emit/event-input.ts';
import type { StreamHead } from '../streams/stream.ts';
import { defaultHeadPath, readHead, streamHash } from '../streams/stream.ts';
import { aNote } from './an-event.ts';
import { aPlanContext } from './plan-context.ts';

/** When the stream's version 0 would have been; each event is recorded a second after the one before. */
const STREAM_BEGINS_MS = 1_893_456_000_000;

/** When a planned stream's event of this version is recorded. */
export function recordedAt(version: number): Date {
  return new Date(STREAM_BEGINS_MS + version * 1_000);
}

/**
 * The documents of a stream of so many events, without jobs, for tests that need more of them than one
 * wants to append one by one. `say` says what the event of a version is; by default a note of its number.
 */
export function planStream(
  count: number,
  say: (version: number) => Partial<EventInput> = (version) => ({ payload: { any: version } }),
): { readonly writes: readonly DocumentWrite[]; readonly head: StreamHead } {
  const context = { ...aPlanContext(), jobsFor: () => [] };
  const writes: DocumentWrite[] = [];
  let head = readHead(undefined);
  for (let version = 1; version <= count; version += 1) {
    const position = { expectedVersion: version - 1 };
    const input = aNote({ ...say(version), stream: position });
    const planned = planEvent(context, input, 'planned', { position, head });
    head = planned.head ?? head;
    for (const write of planned.writes) {
      if (write.kind === 'delete') continue;
      writes.push({ ...write, data: { ...write.data, timestamp: recordedAt(version) } });
    }
  }
  const path = defaultHeadPath(streamHash(aNote(say(1))));
  return { writes: [...writes, { kind: 'set', path, data: { stream: head } }], head };
}
