import type { DocumentData, DocumentWrite } from '#kernel';
import { DELETE_FIELD, SERVER_TIME } from '#kernel';

/** What Firestore refuses to store, by `typeof`. */
const UNSTORABLE = new Set(['undefined', 'function', 'symbol', 'bigint']);

/** A document as kept: its fields, and a number that is another after every write to it. */
interface Kept {
  readonly data: DocumentData;
  readonly version: number;
}

/** A write, and the version the document must still have for it. */
export interface ConditionalWrite {
  readonly write: DocumentWrite;
  /** The version as read; left out: any. */
  readonly ifVersion?: number;
}

/** `contended`: somebody changed what a transaction had read. */
type Refusal = 'exists' | 'missing' | 'changed' | 'contended';

const WORDS: Readonly<Record<Refusal, string>> = {
  exists: 'exists',
  missing: 'is missing',
  changed: 'was changed',
  contended: 'was changed since it was read',
};

/** Why a commit was refused; nothing of it was written. */
export class RefusedCommitError extends Error {
  override readonly name = 'RefusedCommitError';
  readonly reason: Refusal;

  constructor(reason: Refusal, path: string) {
    super(`${path} ${WORDS[reason]}.`);
    this.reason = reason;
  }
}

/**
 * Documents in memory, with Firestore's commits: all writes or none, preconditions, the server's time.
 * For tests and simulations; nothing is kept when the process ends.
 */
export class MemoryDocuments {
  readonly #nowMs: () => number;
  readonly #documents = new Map<string, Kept>();
  #version = 0;

  /** `nowMs`: the time by this "server", in milliseconds since the epoch. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  nowMs(): number {
    return this.#nowMs();
  }

  get(path: string): Kept | undefined {
    return this.#documents.get(path);
  }

  /** All documents directly in a collection, by their path. */
  list(collection: string): [path: string, kept: Kept][] {
    const prefix = `${collection}/`;
    return [...this.#documents].filter(
      ([path]) => path.startsWith(prefix) && !path.slice(prefix.length).includes('/'),
    );
  }

  /** Writes all or throws `RefusedCommitError`; answers each document's new version. */
  commit(writes: readonly ConditionalWrite[]): number[] {
    const changed = new Map<string, DocumentData | undefined>();
    for (const { write, ifVersion } of writes) {
      const kept = this.#documents.get(write.path);
      if (ifVersion !== undefined && kept?.version !== ifVersion) {
        throw new RefusedCommitError(kept === undefined ? 'missing' : 'changed', write.path);
      }
      const before = changed.has(write.path) ? changed.get(write.path) : kept?.data;
      changed.set(write.path, this.#apply(write, before));
    }
    this.#version += 1;
    for (const [path, data] of changed) {
      if (data === undefined) this.#documents.delete(path);
      else this.#documents.set(path, { data, version: this.#version });
    }
    return writes.map(() => this.#version);
  }

  #apply(write: DocumentWrite, before: DocumentData | undefined): DocumentData | undefined {
    if (write.kind === 'update-leaves' || 'unchangedSince' in write) {
      throw new TypeError('Documents in memory know no such writes.');
    }
    if (write.kind === 'delete') return undefined;
    if (write.kind === 'create' && before !== undefined) {
      throw new RefusedCommitError('exists', write.path);
    }
    if (write.kind === 'update' && before === undefined) {
      throw new RefusedCommitError('missing', write.path);
    }
    const base = write.kind === 'update' || write.kind === 'merge' ? before : {};
    const merged = Object.entries({ ...base, ...write.data });
    return Object.fromEntries(
      merged
        .filter(([, value]) => value !== DELETE_FIELD)
        .map(([name, value]) => [name, this.#stored(value)]),
    );
  }

  /** A copy, so that nothing a caller holds is what is kept; sentinels become what they stand for. */
  #stored(value: unknown): unknown {
    if (value === SERVER_TIME) return new Date(this.#nowMs());
    if (Array.isArray(value)) return value.map((item) => this.#stored(item));
    if (UNSTORABLE.has(typeof value)) throw new TypeError(`${typeof value} cannot be stored.`);
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof Date) return new Date(value);
    if (Object.getPrototypeOf(value) !== Object.prototype) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, this.#stored(item)]),
    );
  }
}
