import type { DocumentData } from '#kernel';
import type { EventPosition } from '../queries/cursor.ts';
import type { Moment } from './integrity-state.ts';
import type { StoredRow } from './stored-row.ts';

/** Some rows of the log, all read at one moment. */
export interface PageOfRows {
  readonly rows: readonly StoredRow[];
  /** The moment, by the server's clock, in milliseconds since the epoch. */
  readonly readAtMs: number;
}

/** What a page's reader makes of it, and what it wants to see besides. */
export interface Beside<T> {
  readonly made: T;
  /** Paths of documents. */
  readonly paths: readonly string[];
}

/** What a page's reader made of it, with what was there besides, at the same moment. */
export interface SeenTogether<T> {
  readonly made: T;
  /** The field `stream` of each document that is there, by its path. */
  readonly documents: ReadonlyMap<string, DocumentData>;
}

/** As much of a row as tells whether another says the same. */
export interface ContentRow {
  readonly id: string;
  readonly recordedAt: Moment;
  readonly contentHash: unknown;
  readonly correlationId: unknown;
  readonly streamVersion: unknown;
}

/** Which part of a tenant's log. */
export interface PartOfLog<Place> {
  readonly orgId: string;
  /** The end of the page before; undefined for the first. */
  readonly after: Place | undefined;
  /** Rows at most; fewer only where there are no more. */
  readonly limit: number;
}

/** What a verification reads of a database. */
export interface IntegritySource {
  /** Rows in the order of their ids; `read` is pure and may be called several times. */
  readonly rowsById: <T>(
    part: PartOfLog<string>,
    read: (page: PageOfRows) => Beside<T>,
  ) => Promise<SeenTogether<T>>;
  /** Rows in the order of time; those without a time are left out. */
  readonly rowsByTime: (part: PartOfLog<EventPosition>) => Promise<readonly ContentRow[]>;
}
