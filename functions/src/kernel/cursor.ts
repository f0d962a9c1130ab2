import { z } from 'zod';
import type { TimePosition } from './documents.ts';
import { CodedError } from './errors.ts';
import { hashParts } from './ids.ts';

/** Of the text; a cursor of another version is none. */
const VERSION = 1;

/** A place in the order of a query's answers, in values that JSON keeps; its texts are ids of documents. */
type Place = readonly (string | number)[];

/**
 * Where a page ended, as a text that says nothing to its holder and belongs to one query. `query`: all that
 * makes it another query, its name first.
 * It needs no secret: what is read comes from the query, each time, and never from the cursor.
 */
export function encodeCursor(query: readonly string[], place: Place): string {
  const check = hashParts(...query, ...place.map(String)).slice(0, 20);
  return Buffer.from(JSON.stringify([VERSION, ...place, check])).toString('base64url');
}

/** Throws `bad-cursor` for what `encodeCursor` did not make for this query and a place like `schema`. */
export function decodeCursor<Found extends Place>(
  query: readonly string[],
  cursor: string,
  schema: z.ZodType<Found>,
): Found {
  const fields = fromText(cursor);
  const place = schema.safeParse(Array.isArray(fields) ? fields.slice(1, -1) : undefined);
  // Written again, which also holds it to its check: base64 and JSON can be written in several ways.
  const isPlace = place.success && place.data.every(canBeAsked);
  if (isPlace && encodeCursor(query, place.data) === cursor) return place.data;
  throw new CodedError('bad-cursor', 'The cursor is none of this query. Begin again without it.');
}

/** Anybody can make a cursor of any text; what is no id of a document, Firestore refuses in words of its own. */
function canBeAsked(part: string | number): boolean {
  if (typeof part === 'number') return true;
  return part.isWellFormed() && Buffer.byteLength(part) <= 1_500 && !NO_DOCUMENT_ID.test(part);
}

const NO_DOCUMENT_ID = /\/|^\.{1,2}$|^__.*__$/s;
const FIRST_SECOND = -62_135_596_800;
const LAST_SECOND = 253_402_300_799;

const timePlace = z.tuple([
  z.int().min(FIRST_SECOND).max(LAST_SECOND),
  z.int().min(0).max(999_999_999),
  z.string().min(1).max(1_500),
]);

/** As `encodeCursor`, for a query that is ordered by a time. */
export function encodeTimeCursor(query: readonly string[], position: TimePosition): string {
  const { seconds, nanoseconds, id } = position;
  return encodeCursor(query, [seconds, nanoseconds, id]);
}

/** As `decodeCursor`, for a query that is ordered by a time. */
export function decodeTimeCursor(query: readonly string[], cursor: string): TimePosition {
  const [seconds, nanoseconds, id] = decodeCursor(query, cursor, timePlace);
  return { seconds, nanoseconds, id };
}

function fromText(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
