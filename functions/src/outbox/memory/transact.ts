import type { OutboxJob } from '../model/job.ts';
import type { JobRow, SettlingWork, TransactResult } from '../store.ts';
import type { ConditionalWrite, MemoryDocuments } from './memory-documents.ts';
import { RefusedCommitError } from './memory-documents.ts';
import { MemoryTransaction } from './memory-transaction.ts';

/** As often as Firestore's client runs a transaction. */
const MAX_RUNS = 5;

/** What a row's store knows of it. */
export interface RowAccess {
  /** Whether the row is still as its fence says; else whether that is our own write. */
  readonly stateOf: (row: JobRow, next: OutboxJob | undefined) => 'ours' | 'settled' | 'lost';
  /** The conditional write that brings the row to `next`. */
  readonly settling: (row: JobRow, next: OutboxJob) => ConditionalWrite;
}

/** Settles a row in a transaction of its handler's: see `OutboxStore.transact`. */
export async function settleInTransaction(
  documents: MemoryDocuments,
  { row, work }: { readonly row: JobRow; readonly work: SettlingWork },
  access: RowAccess,
  turn: (operation: string) => Promise<void>,
): Promise<TransactResult> {
  const known = { token: row.job.runId ?? row.job.id, memory: new Map<string, string>() };
  for (let runs = 0; runs < MAX_RUNS; runs += 1) {
    await turn('transact');
    const transaction = new MemoryTransaction(documents, known, () => turn('transact reads'));
    const planned = await plan(work, transaction);
    if ('error' in planned) {
      const state = access.stateOf(row, undefined);
      return state === 'ours' ? { kind: 'refused', error: planned.error } : { kind: state };
    }
    await turn('transact commits');
    const error = commit(transaction, [
      access.settling(row, planned.next),
      ...planned.pending
        .filter(({ path }) => documents.get(path) === undefined)
        .map((write) => ({ write })),
    ]);
    await turn('transact answered');
    if (error === undefined) return { kind: 'settled' };
    const state = access.stateOf(row, planned.next);
    if (state !== 'ours') return { kind: state };
    if (!isContended(error)) return { kind: 'refused', error };
  }
  return { kind: 'contended' };
}

async function plan(work: SettlingWork, transaction: MemoryTransaction) {
  try {
    return await work(transaction);
  } catch (error) {
    return { error };
  }
}

/** Why it was refused; undefined where it was not. */
function commit(transaction: MemoryTransaction, also: readonly ConditionalWrite[]): unknown {
  try {
    transaction.commit(also);
    return undefined;
  } catch (error) {
    return error;
  }
}

function isContended(error: unknown): boolean {
  return error instanceof RefusedCommitError && error.reason === 'contended';
}
