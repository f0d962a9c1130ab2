import type { Firestore, Transaction } from 'firebase-admin/firestore';
import type {
  DocumentData,
  DocumentTransaction,
  RunTransaction,
  StoredDocument,
} from '../documents.ts';
import { WriteBuffer } from '../write-buffer.ts';
import { addWrite } from './add-write.ts';
import { toStored } from './reader.ts';

/** Wraps a Firestore transaction; the caller flushes the buffer when its callback has ended. */
class BufferedTransaction implements DocumentTransaction {
  readonly token: string;
  readonly #firestore: Firestore;
  readonly #transaction: Transaction;
  readonly #reads = new Map<string, Promise<StoredDocument>>();
  readonly #buffer = new WriteBuffer();

  constructor(firestore: Firestore, transaction: Transaction, token: string) {
    this.#firestore = firestore;
    this.#transaction = transaction;
    this.token = token;
  }

  async get(path: string): Promise<StoredDocument> {
    let read = this.#reads.get(path);
    if (read === undefined) {
      read = this.#transaction.get(this.#firestore.doc(path)).then(toStored);
      this.#reads.set(path, read);
    }
    const stored = await read;
    return { ...stored, data: this.#buffer.overlay(path, stored.data) };
  }

  create(path: string, data: DocumentData): void {
    this.#buffer.add({ kind: 'create', path, data });
  }

  update(path: string, data: DocumentData): void {
    this.#buffer.add({ kind: 'update', path, data });
  }

  merge(path: string, data: DocumentData): void {
    this.#buffer.add({ kind: 'merge', path, data });
  }

  flush(): void {
    for (const write of this.#buffer.all()) addWrite(this.#firestore, this.#transaction, write);
  }
}

/** Transactions as `DocumentTransaction` promises them. */
export function createRunTransaction(firestore: Firestore): RunTransaction {
  return (token, work) =>
    firestore.runTransaction(async (transaction) => {
      const tx = new BufferedTransaction(firestore, transaction, token);
      const result = await work(tx);
      tx.flush();
      return result;
    });
}
