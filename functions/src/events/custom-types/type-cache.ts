import type { Clock, DocumentReader } from '#kernel';
import { CodedError, MINUTE_MS, RecentlyUsed } from '#kernel';
import type { PayloadReader } from '../catalog/catalog.ts';
import type { CustomTypeReaders } from '../emit/read-type.ts';
import { createReader } from './reader.ts';
import type { CustomType, ListEntry } from './type-documents.ts';
import { decodeList, decodeVersion, listPath, versionPath } from './type-documents.ts';

/** How long an organization's list is not read again. */
const KEEP_LIST_MS = MINUTE_MS;
const MAX_LISTS = 1_000;
/** Validators are code that was compiled: some 50 KB each. */
const MAX_READERS = 200;

interface KnownList {
  readonly readAtMs: number;
  readonly entries: Promise<readonly ListEntry[]>;
}

/**
 * What one instance has seen of organizations' types. A list costs a read a minute and a version one read;
 * what a list does not have is looked for at once. What validates is loaded at the first use.
 */
export class TypeCache implements CustomTypeReaders {
  readonly #reader: Pick<DocumentReader, 'get'>;
  readonly #clock: Pick<Clock, 'elapsedMs'>;
  readonly #lists = new RecentlyUsed<KnownList>(MAX_LISTS);
  readonly #readers = new RecentlyUsed<Promise<PayloadReader>>(MAX_READERS);

  constructor(reader: Pick<DocumentReader, 'get'>, clock: Pick<Clock, 'elapsedMs'>) {
    this.#reader = reader;
    this.#clock = clock;
  }

  /** Reads an organization's list now, and keeps it. */
  readList(orgId: string): Promise<readonly ListEntry[]> {
    const entries = this.#reader.get(listPath(orgId)).then(({ data }) => decodeList(data));
    this.#lists.set(orgId, { readAtMs: this.#clock.elapsedMs(), entries });
    entries.catch(() => this.forgetList(orgId));
    return entries;
  }

  forgetList(orgId: string): void {
    this.#lists.delete(orgId);
  }

  async readVersion(orgId: string, type: string, version: number): Promise<CustomType | undefined> {
    return decodeVersion((await this.#reader.get(versionPath(orgId, type, version))).data);
  }

  readonly readerOf: CustomTypeReaders['readerOf'] = async (orgId, type) => {
    const { eventType, schemaVersion } = type;
    const newest = await this.#newest(orgId, eventType, schemaVersion ?? 1);
    const version = schemaVersion ?? newest;
    if (newest === 0) throw unknown(eventType);
    if (version > newest) throw unknownVersion(eventType, version, newest);
    const name = versionPath(orgId, eventType, version);
    const loading = this.#readers.get(name) ?? this.#load(orgId, eventType, version);
    this.#readers.set(name, loading);
    loading.catch(() => this.#readers.delete(name));
    return loading;
  };

  /** The newest version of a type, 0 where there is none; an older one than `atLeast` is not believed. */
  async #newest(orgId: string, type: string, atLeast: number): Promise<number> {
    const known = this.#lists.get(orgId);
    if (known !== undefined && this.#clock.elapsedMs() - known.readAtMs < KEEP_LIST_MS) {
      const version = newestIn(await known.entries, type);
      if (version >= atLeast) return version;
    }
    return newestIn(await this.readList(orgId), type);
  }

  async #load(orgId: string, type: string, version: number): Promise<PayloadReader> {
    const [registered, { compileSchema }] = await Promise.all([
      this.readVersion(orgId, type, version),
      import('./compile-schema.ts'),
    ]);
    if (registered === undefined) throw unknown(type);
    return createReader(registered, compileSchema(registered.schema));
  }
}

/** A type's newest version in its organization's list; 0 where it is not there. */
export function newestIn(entries: readonly ListEntry[], type: string): number {
  return entries.find((entry) => entry.type === type)?.version ?? 0;
}

function unknown(type: string): CodedError {
  const message = `${type.slice(0, 100)} is not one of the organization’s own types`;
  const problem = { path: 'eventType', message };
  return new CodedError('invalid-event', 'The event cannot be emitted', [problem]);
}

function unknownVersion(type: string, version: number, last: number): CodedError {
  const problem = { path: 'schemaVersion', message: `${version}; the newest is ${last}` };
  return new CodedError('invalid-event', `${type} cannot be emitted`, [problem]);
}
