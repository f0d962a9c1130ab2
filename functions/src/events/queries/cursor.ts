import type { TimePosition } from '#kernel';
import { decodeTimeCursor, encodeTimeCursor } from '#kernel';
import type { PlannedQuery } from './event-query.ts';
import { filtersOf } from './event-query.ts';

/** An event’s place in the order of time: to the microsecond, and by its id among those of one time. */
export type EventPosition = TimePosition;

/** Where a page ended, as a text that says nothing to its holder and belongs to one query. */
export function encodeCursor(query: PlannedQuery, position: EventPosition): string {
  return encodeTimeCursor(namesOf(query), position);
}

/** Throws `bad-cursor` for what `encodeCursor` did not make for this query. */
export function decodeCursor(query: PlannedQuery, cursor: string): EventPosition {
  return decodeTimeCursor(namesOf(query), cursor);
}

function namesOf({ shape, equals, fromMs, throughMs }: PlannedQuery): string[] {
  const asked = filtersOf(shape).flatMap((field) => [field, equals[field] ?? '']);
  const range = [shape.orderBy?.[1] ?? '', String(fromMs), String(throughMs)];
  return ['event cursor', ...asked, ...range];
}
