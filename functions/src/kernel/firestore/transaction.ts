import type { Firestore, Transaction } from 'firebase-admin/firestore';
import type {
  DocumentTransaction,
  RunOptions,
  RunTransaction,
  StoredDocument,
} from '../documents.ts';
import { CodedError } from '../errors.ts';
import { WriteBuffer } from '../write-buffer.ts';
import { addWrite } from './add-write.ts';
import { ABORTED, ALREADY_EXISTS, grpcCode } from './grpc-code.ts';
import { toStored } from './reader.ts';

/** Wraps a Firestore transaction; the caller flushes the buffer when its callback has ended. */
class BufferedTransaction extends WriteBuffer implements DocumentTransaction {
  readonly token: string;
  readonly memory: Map<string, string>;
  readonly #firestore: Firestore;
  readonly #transaction: Transaction;
  readonly #reads = new Map<string, Promise<StoredDocument>>();

  constructor(
    firestore: Firestore,
    transaction: Transaction,
    { token, memory }: Pick<DocumentTransaction, 'token' | 'memory'>,
  ) {
    super();
    this.#firestore = firestore;
    this.#transaction = transaction;
    this.token = token;
    this.memory = memory;
  }

  async get(path: string): Promise<StoredDocument> {
    let read = this.#reads.get(path);
    if (read === undefined) {
      read = this.#transaction.get(this.#firestore.doc(path)).then(toStored);
      this.#reads.set(path, read);
    }
    const stored = await read;
    return { ...stored, data: this.overlay(path, stored.data) };
  }

  flush(): void {
    for (const write of this.all()) addWrite(this.#firestore, this.#transaction, write);
  }
}

/**
 * Runs `work` in a transaction, and again on contention; the client's errors as they are. Beside its
 * buffered self `work` is given the client's transaction, for reads and preconditions of its caller.
 */
export function runInTransaction<T>(
  firestore: Firestore,
  known: Pick<DocumentTransaction, 'token' | 'memory'>,
  work: (tx: DocumentTransaction, transaction: Transaction) => Promise<T>,
  { isReadOnly = false }: RunOptions = {},
): Promise<T> {
  const run = async (transaction: Transaction): Promise<T> => {
    const tx = new BufferedTransaction(firestore, transaction, known);
    const result = await work(tx, transaction);
    tx.flush();
    return result;
  };
  return firestore.runTransaction(run, isReadOnly ? { readOnly: true } : {});
}

/** Transactions as `DocumentTransaction` promises them. */
export function createRunTransaction(firestore: Firestore): RunTransaction {
  return async (token, work, options) => {
    const known = { token, memory: new Map<string, string>() };
    try {
      return await runInTransaction(firestore, known, work, options);
    } catch (error) {
      throw toExpected(error);
    }
  };
}

/** What a caller may hear of a commit that was refused: the client's own words name documents. */
function toExpected(error: unknown): unknown {
  const code = grpcCode(error);
  const options = { cause: error };
  if (code === ALREADY_EXISTS) {
    const message = 'What was to be created exists already.';
    return new CodedError('already-exists', message, [], options);
  }
  if (code === ABORTED) {
    const message = 'Others were changing the same data at the same time. Try again.';
    return new CodedError('contention', message, [], options);
  }
  return error;
}
