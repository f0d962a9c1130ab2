import type { DocumentData, DocumentTransaction, DocumentWrite, RunTransaction } from '#kernel';
import { CodedError, SERVER_TIME, WriteBuffer } from '#kernel';
import { DOMAIN_EVENTS } from '../event.ts';
import { streamEventId } from '../streams/stream.ts';
import type { DecodeEvent, StreamSource } from '../streams/stream-source.ts';
import { StoredTime } from './stored-time.ts';

/** When the first commit is: 1 January 2030, 00:00 UTC. Each one is a millisecond after the one before. */
const FIRST_COMMIT_MS = 1_893_456_000_000;
/** As Firestore's client: then it gives up. */
const MAX_RUNS = 5;

/**
 * Documents in a map, and transactions over them that meet: one that read what another has changed
 * since is run again. Times are given back as Firestore gives them.
 */
export class ContendingDocuments {
  readonly byPath = new Map<string, DocumentData>();
  /** Where every read waits; a test that decides who comes next sets another. */
  pause: () => Promise<unknown> = async () => {};
  /** Called before every commit; what it throws, the commit ends with. */
  beforeCommit: (writes: readonly DocumentWrite[]) => void = () => {};
  /** Every page of events that was read: how many rows it had. */
  readonly pageSizes: number[] = [];
  /** How often a transaction's callback had to be run again. */
  rerun = 0;
  #nowMs = FIRST_COMMIT_MS;

  readonly runTransaction: RunTransaction = async (token, work) => {
    const memory = new Map<string, string>();
    for (let run = 1; run <= MAX_RUNS; run += 1) {
      const reads = new Map<string, DocumentData | undefined>();
      const buffer = new WriteBuffer();
      const result = await work(this.#open({ token, memory }, reads, buffer));
      await this.pause();
      const isStale = [...reads].some(([path, data]) => this.byPath.get(path) !== data);
      if (!isStale) {
        this.#commit(buffer.all());
        return result;
      }
      this.rerun += 1;
    }
    throw new CodedError('contention', 'Others were changing the same data at the same time.');
  };

  /** Streams over these documents, `pageSize` events at a time. */
  source(decode: DecodeEvent, pageSize: number): StreamSource {
    return {
      decode,
      read: async (path) => {
        await this.pause();
        return this.byPath.get(path);
      },
      page: async (hash, fromVersion, throughVersion) => {
        await this.pause();
        const first = `${DOMAIN_EVENTS}/${streamEventId(hash, fromVersion)}`;
        const last = `${DOMAIN_EVENTS}/${streamEventId(hash, throughVersion)}`;
        const inRange = [...this.byPath].filter(([path]) => path >= first && path <= last);
        const page = inRange.toSorted(([a], [b]) => (a < b ? -1 : 1)).slice(0, pageSize);
        this.pageSizes.push(page.length);
        return page.map(([, data]) => data);
      },
    };
  }

  #open(
    { token, memory }: Pick<DocumentTransaction, 'token' | 'memory'>,
    reads: Map<string, DocumentData | undefined>,
    buffer: WriteBuffer,
  ): DocumentTransaction {
    return {
      token,
      memory,
      get: async (path) => {
        await this.pause();
        if (!reads.has(path)) reads.set(path, this.byPath.get(path));
        return { path, data: buffer.overlay(path, reads.get(path)), readAtMs: this.#nowMs };
      },
      create: (path, data) => buffer.add({ kind: 'create', path, data }),
      update: (path, data) => buffer.add({ kind: 'update', path, data }),
      merge: (path, data) => buffer.add({ kind: 'merge', path, data }),
      delete: (path) => buffer.add({ kind: 'delete', path }),
    };
  }

  #commit(writes: readonly DocumentWrite[]): void {
    this.beforeCommit(writes);
    const taken = writes.find(({ kind, path }) => kind === 'create' && this.byPath.has(path));
    if (taken !== undefined) throw new CodedError('already-exists', `${taken.path} exists.`);
    const now = StoredTime.of(new Date(this.#nowMs));
    this.#nowMs += 1;
    for (const write of writes) {
      if (write.kind === 'delete') {
        this.byPath.delete(write.path);
        continue;
      }
      const data = stored(write.data, now) as DocumentData;
      this.byPath.set(write.path, { ...this.byPath.get(write.path), ...data });
    }
  }
}

/** A value as it is given back: a copy, with times as Firestore's. */
function stored(value: unknown, now: StoredTime): unknown {
  if (value === SERVER_TIME) return now;
  if (value instanceof Date) return StoredTime.of(value);
  if (typeof value !== 'object' || value === null || value instanceof StoredTime) return value;
  if (Array.isArray(value)) return value.map((item) => stored(item, now));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, stored(item, now)]));
}
