import { z } from 'zod';
import type { TimePosition } from '#kernel';
import { CodedError, hashParts } from '#kernel';
import type { PlannedQuery } from './event-query.ts';
import { filtersOf } from './event-query.ts';

/** An event’s place in the order of time: to the microsecond, and by its id among those of one time. */
export type EventPosition = TimePosition;

const VERSION = 1;
const FIRST_SECOND = -62_135_596_800;
const LAST_SECOND = 253_402_300_799;

const cursorFields = z.tuple([
  z.literal(VERSION),
  z.int().min(FIRST_SECOND).max(LAST_SECOND),
  z.int().min(0).max(999_999_999),
  z.string().min(1).max(1_500),
  z.string(),
]);

/**
 * Where a page ended, as a text that says nothing to its holder and belongs to one query.
 * It needs no secret: whose events are read, and which, comes from the query, never from the cursor.
 */
export function encodeCursor(query: PlannedQuery, position: EventPosition): string {
  const { seconds, nanoseconds, id } = position;
  return toText([VERSION, seconds, nanoseconds, id, checkOf(query, position)]);
}

/** Throws `bad-cursor` for what `encodeCursor` did not make for this query. */
export function decodeCursor(query: PlannedQuery, cursor: string): EventPosition {
  const fields = cursorFields.safeParse(fromText(cursor));
  if (!fields.success) throw badCursor();
  const [, seconds, nanoseconds, id] = fields.data;
  const position = { seconds, nanoseconds, id };
  // Written again, which also holds it to its check: base64 and JSON can be written in several ways.
  if (encodeCursor(query, position) !== cursor) throw badCursor();
  return position;
}

function checkOf(query: PlannedQuery, { seconds, nanoseconds, id }: EventPosition): string {
  const { shape, equals, fromMs, throughMs } = query;
  const asked = filtersOf(shape).flatMap((field) => [field, equals[field] ?? '']);
  const range = [shape.orderBy?.[1] ?? '', String(fromMs), String(throughMs)];
  const place = [String(seconds), String(nanoseconds), id];
  return hashParts('event cursor', ...asked, ...range, ...place).slice(0, 20);
}

function toText(fields: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(fields)).toString('base64url');
}

function fromText(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

function badCursor(): CodedError {
  const message = 'The cursor is none of this query. Begin again without it.';
  return new CodedError('bad-cursor', message);
}
