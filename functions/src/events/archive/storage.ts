/**
 * Where files are kept that leave the database: a bucket, or a folder of this machine. A path is of parts of
 * `A-Za-z0-9_.-` between slashes, none of them `.` or `..`; its file is written once and never changed.
 */
export interface ArchiveStorage {
  /**
   * Writes a file, whole or not at all. One that is there already stays as it is and is answered `there-already`, also
   * where that was this very call, whose first answer was lost: read it back to know what it is.
   */
  readonly put: (path: string, bytes: Uint8Array) => Promise<'written' | 'there-already'>;
  /** A file's bytes; undefined where there is none. */
  readonly get: (path: string) => Promise<Uint8Array | undefined>;
  /** The first `limit` paths that begin with `prefix`, in the order of their characters, from behind `after` on. */
  readonly list: (asked: FilesAsked) => Promise<readonly string[]>;
  /** The names of all folders directly in `prefix` that have a file anywhere in them, in the same order. */
  readonly folders: (prefix: string) => Promise<readonly string[]>;
}

/** Which files. */
export interface FilesAsked {
  /** Whole parts of a path, and a slash. */
  readonly prefix: string;
  /** The last path of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}
