import type { Plant } from './plant-type.ts';

const running = 'processor/run-in-transaction.ts';

/** Bugs in how a job is run in the transaction that settles it. */
export const PLANTS_OF_TRANSACTIONS: readonly Plant[] = [
  {
    name: 'a transaction without the fence',
    file: 'memory/memory-store.ts',
    find: 'settling: ({ fence }, next) => moveOf({ fence, next }),',
    put: 'settling: ({ fence }, next) => ({ write: moveOf({ fence, next }).write }),',
  },
  {
    name: 'a transaction that does not look again at what it read',
    file: 'memory/memory-transaction.ts',
    find: 'if (this.#documents.get(path)?.version !== version) {',
    put: 'if (version === -1) {',
  },
  {
    name: 'a transaction that forgets the children',
    file: running,
    find: 'pending: jobs.map((job) => recordChild(worker, job)),',
    put: 'pending: [],',
  },
  {
    name: 'contention that spends an attempt',
    file: running,
    find: "return { kind: 'retry-after', code: 'contention', delayMs, message };",
    put: "return { kind: delayMs < 0 ? 'permanent' : 'failure', code: 'contention', message };",
  },
  {
    name: 'a database that fails taken for a handler that does',
    file: running,
    find: "return { kind: 'broken', error };",
    put: 'return open(outcomeOfError(error));',
  },
];
