import type { DocumentTransaction, StoredDocument } from '#kernel';
import { WriteBuffer } from '#kernel';
import type { ConditionalWrite, MemoryDocuments } from './memory-documents.ts';
import { RefusedCommitError } from './memory-documents.ts';

/** One run of a transaction over documents in memory: it commits only if all it read is still so. */
export class MemoryTransaction extends WriteBuffer implements DocumentTransaction {
  readonly token: string;
  readonly memory: Map<string, string>;
  readonly #documents: MemoryDocuments;
  readonly #turn: () => Promise<void>;
  readonly #versions = new Map<string, number | undefined>();

  /** `turn`: awaited before each read. */
  constructor(
    documents: MemoryDocuments,
    { token, memory }: Pick<DocumentTransaction, 'token' | 'memory'>,
    turn: () => Promise<void>,
  ) {
    super();
    this.#documents = documents;
    this.token = token;
    this.memory = memory;
    this.#turn = turn;
  }

  async get(path: string): Promise<StoredDocument> {
    await this.#turn();
    const kept = this.#documents.get(path);
    if (!this.#versions.has(path)) this.#versions.set(path, kept?.version);
    const data = this.overlay(path, kept?.data);
    return { path, data, readAtMs: this.#documents.nowMs() };
  }

  /** Commits what was written, with `also`; throws `RefusedCommitError` and writes nothing if it cannot. */
  commit(also: readonly ConditionalWrite[]): void {
    for (const [path, version] of this.#versions) {
      if (this.#documents.get(path)?.version !== version) {
        throw new RefusedCommitError('contended', path);
      }
    }
    this.#documents.commit([...also, ...this.all().map((write) => ({ write }))]);
  }
}
