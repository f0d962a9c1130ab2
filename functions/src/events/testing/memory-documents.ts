import type { DocumentData, DocumentTransaction, DocumentWrite, RunTransaction } from '#kernel';
import { WriteBuffer } from '#kernel';

/** When everything is read here: 1 January 2030, 00:00 UTC. */
export const READ_AT_MS = 1_893_456_000_000;

/** Documents in a map, and transactions over them that never meet another. */
export class MemoryDocuments {
  readonly byPath = new Map<string, DocumentData>();
  /** Every token a transaction was run with, once per run. */
  readonly tokens: string[] = [];

  readonly runTransaction: RunTransaction = (token, work) => this.#run(token, new Map(), work);

  /** As if every commit's answer were lost: the callback is run again after it has committed. */
  readonly runTransactionTwice: RunTransaction = async (token, work) => {
    const memory = new Map<string, string>();
    await this.#run(token, memory, work);
    return this.#run(token, memory, work);
  };

  async #run<T>(
    token: string,
    memory: Map<string, string>,
    work: (tx: DocumentTransaction) => Promise<T>,
  ): Promise<T> {
    this.tokens.push(token);
    const buffer = new WriteBuffer();
    const tx: DocumentTransaction = {
      token,
      memory,
      get: async (path) => {
        const data = buffer.overlay(path, this.byPath.get(path));
        return { path, data, readAtMs: READ_AT_MS };
      },
      create: (path, data) => buffer.add({ kind: 'create', path, data }),
      update: (path, data) => buffer.add({ kind: 'update', path, data }),
      merge: (path, data) => buffer.add({ kind: 'merge', path, data }),
      delete: (path) => buffer.add({ kind: 'delete', path }),
    };
    const result = await work(tx);
    for (const write of buffer.all()) this.#apply(write);
    return result;
  }

  #apply(write: DocumentWrite): void {
    const stored = this.byPath.get(write.path);
    if (write.kind === 'delete') return void this.byPath.delete(write.path);
    if (write.kind === 'create' && stored !== undefined) throw new Error(`${write.path} exists.`);
    this.byPath.set(write.path, { ...stored, ...write.data });
  }
}
