/** Stands for the commit's own time in a document that is being written. */
export const SERVER_TIME: unique symbol = Symbol('server time');
/** Takes a field out of a document that is being updated. */
export const DELETE_FIELD: unique symbol = Symbol('delete field');

/** Fields by name: plain values, `Date`, and the two sentinels above. Never a dotted path. */
export type DocumentData = Readonly<Record<string, unknown>>;

/** When a document was last written, by the server's clock, to the nanosecond. */
export interface WriteTime {
  /** Since the epoch, whole; `nanoseconds` go on from there. */
  readonly seconds: number;
  readonly nanoseconds: number;
}

/**
 * One write as a plain value, so that what decides on writes needs no database. With `unchangedSince` it is refused,
 * and its commit with it, where the document was last written at another time.
 */
export type DocumentWrite =
  | {
      /** `update-leaves`: as `update`, but of a map only the fields that are named: the others stay. */
      readonly kind: 'create' | 'set' | 'merge' | 'update' | 'update-leaves';
      path: string;
      data: DocumentData;
      /** Of an `update` only. */
      readonly unchangedSince?: WriteTime;
    }
  | { readonly kind: 'delete'; readonly path: string; readonly unchangedSince?: WriteTime };

/** A document as read, and when by the server's time. `data` is undefined where there is none. */
export interface StoredDocument {
  readonly path: string;
  readonly data: DocumentData | undefined;
  readonly readAtMs: number;
}

/**
 * A query this code may ask, declared as data beside the code that asks it.
 * A test holds every declared query against `firestore.indexes.json`, in both directions, because the
 * emulator answers queries that production would refuse for want of an index.
 */
export interface QueryShape {
  readonly collectionGroup: string;
  readonly equals: readonly string[];
  /** A list that has a value among its own. */
  readonly contains?: string;
  readonly orderBy?: readonly [field: string, direction: 'asc' | 'desc'];
  /** Asked of every collection of this name, wherever it is: one field then needs an index, too. */
  readonly everywhere?: true;
  /** Paged by document id, which every automatic index can. */
  readonly byId?: true;
  /** A field that has none of the values asked with. */
  readonly noneOf?: string;
}

/** A document's place in the order of a time: to the microsecond, and by its id among those of one time. */
export interface TimePosition {
  /** Since the epoch, whole; `nanoseconds` go on from there. */
  readonly seconds: number;
  /** Firestore keeps whole microseconds of them. */
  readonly nanoseconds: number;
  readonly id: string;
}

/** Reads outside a transaction. */
export interface DocumentReader {
  get(path: string): Promise<StoredDocument>;
  getAll(paths: readonly string[]): Promise<StoredDocument[]>;
  /**
   * At most `limit` documents of `collection` with this value in this field. One field only: that is
   * what Firestore's automatic indexes answer; anything more is a declared `QueryShape`.
   */
  list(
    collection: string,
    equals: readonly [field: string, value: unknown],
    limit: number,
  ): Promise<StoredDocument[]>;
}

/**
 * A transaction whose writes are held back until its callback has ended, so that reads and writes may
 * come in any order. A read after a write to the same path sees the write.
 *
 * The callback may run five times: it has no effect but through this object.
 */
export interface DocumentTransaction {
  /** Fixed before the first run of the callback and the same in every re-run. */
  readonly token: string;
  /**
   * What one run of the callback leaves to the next, each entry named by whoever left it: empty before
   * the first run. All else that a run knows is forgotten, while what it wrote may have been committed.
   */
  readonly memory: Map<string, string>;
  get(path: string): Promise<StoredDocument>;
  create(path: string, data: DocumentData): void;
  update(path: string, data: DocumentData): void;
  /** Creates the document, or updates these fields of it. */
  merge(path: string, data: DocumentData): void;
  /** Deletes the document; one transaction does not also write it. */
  delete(path: string): void;
}

/**
 * Runs `work` in a transaction; re-runs it on contention. `token`: see `DocumentTransaction`.
 * Throws `already-exists` where a document to be created is there, and `contention` where others kept
 * changing the same documents.
 */
export type RunTransaction = <T>(
  token: string,
  work: (tx: DocumentTransaction) => Promise<T>,
  options?: RunOptions,
) => Promise<T>;

/** How a transaction is run. */
export interface RunOptions {
  /** All is read as of one time and holds nobody up; `work` writes nothing, or it fails. Default: false. */
  readonly isReadOnly?: boolean;
}
