import type { DocumentTransaction } from '#kernel';

/** What a transaction comes to on the bill: each document once, however often it is named. */
export interface Billed {
  readonly reads: number;
  readonly writes: number;
}

/** A transaction that notes what it reads and writes; one for each run, or a run that is made again counts twice. */
export function noteBilled(tx: DocumentTransaction): {
  readonly noted: DocumentTransaction;
  readonly billed: () => Billed;
} {
  const read = new Set<string>();
  const written = new Set<string>();
  const noted: DocumentTransaction = {
    token: tx.token,
    memory: tx.memory,
    get: (path) => {
      read.add(path);
      return tx.get(path);
    },
    create: (path, data) => {
      written.add(path);
      tx.create(path, data);
    },
    update: (path, data) => {
      written.add(path);
      tx.update(path, data);
    },
    merge: (path, data) => {
      written.add(path);
      tx.merge(path, data);
    },
    delete: (path) => {
      written.add(path);
      tx.delete(path);
    },
  };
  return { noted, billed: () => ({ reads: read.size, writes: written.size }) };
}
