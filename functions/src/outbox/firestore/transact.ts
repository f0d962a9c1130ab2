import type { Firestore, Transaction, UpdateData } from 'firebase-admin/firestore';
import type { DocumentData, DocumentWrite } from '#kernel';
import {
  ABORTED,
  addWrite,
  ALREADY_EXISTS,
  grpcCode,
  runInTransaction,
  toFirestore,
} from '#kernel/firestore';
import type { OutboxJob } from '../model/job.ts';
import { hasLanded } from '../model/landed.ts';
import { OUTBOX } from '../record/record-job.ts';
import type { JobRow, SettlingWork, TransactResult } from '../store.ts';
import { isUnchanged, rowOf, updateFrom, updateTimeOf } from './row.ts';

/** Settles a row in a transaction of its handler's: see `OutboxStore.transact`. */
export async function settleInTransaction(
  firestore: Firestore,
  row: JobRow,
  work: SettlingWork,
): Promise<TransactResult> {
  const settling = new Settling(firestore, row, work);
  for (;;) {
    try {
      await settling.run();
      return { kind: 'settled' };
    } catch (error) {
      const end = await settling.endAfter(error);
      if (end !== undefined) return end;
    }
  }
}

/** One job's settling transaction, and what its runs know of each other. */
class Settling {
  readonly #firestore: Firestore;
  readonly #row: JobRow;
  readonly #work: SettlingWork;
  /** The run's id is as fresh as a transaction's token has to be. */
  readonly #known: { readonly token: string; readonly memory: Map<string, string> };
  #next: OutboxJob | undefined;
  #isRunAgain = false;
  #looksForChildren = false;
  /** What the work itself threw last. */
  #thrown: unknown;

  constructor(firestore: Firestore, row: JobRow, work: SettlingWork) {
    this.#firestore = firestore;
    this.#row = row;
    this.#work = work;
    this.#known = { token: row.job.runId ?? row.job.id, memory: new Map() };
  }

  get #ref() {
    return this.#firestore.collection(OUTBOX).doc(this.#row.job.id);
  }

  run(): Promise<void> {
    return runInTransaction(this.#firestore, this.#known, async (tx, transaction) => {
      // The first run does without this read: the commit has the precondition. But a commit whose answer
      // was lost is followed by another run, which must not see its own effects for somebody else's.
      if (this.#isRunAgain) await this.#checkFence(transaction);
      this.#isRunAgain = true;
      const { next, pending } = await this.#work(tx).catch((error: unknown) => {
        this.#thrown = error;
        throw error;
      });
      this.#next = next;
      const children = this.#looksForChildren
        ? await this.#withoutExisting(transaction, pending)
        : pending;
      const update = toFirestore(updateFrom(this.#row.fence, next)) as UpdateData<DocumentData>;
      transaction.update(this.#ref, update, { lastUpdateTime: updateTimeOf(this.#row.fence) });
      for (const write of children) addWrite(this.#firestore, transaction, write);
    });
  }

  /** How it ended with this error; undefined where it is to be run again. */
  async endAfter(error: unknown): Promise<TransactResult | undefined> {
    const stored = rowOf(await this.#ref.get());
    const next = this.#next;
    if (next !== undefined && stored?.kind === 'job' && hasLanded(stored.job, next)) {
      return { kind: 'settled' };
    }
    if (!isUnchanged(stored, this.#row.fence)) return { kind: 'lost' };
    // A handler's own call may fail with the same codes.
    const code = error === this.#thrown ? undefined : grpcCode(error);
    if (code === ABORTED) return { kind: 'contended' };
    if (code !== ALREADY_EXISTS || this.#looksForChildren) return { kind: 'refused', error };
    this.#looksForChildren = true;
    return undefined;
  }

  async #checkFence(transaction: Transaction): Promise<void> {
    const stored = rowOf(await transaction.get(this.#ref));
    if (!isUnchanged(stored, this.#row.fence)) throw new Error('The row moved on.');
  }

  /** An earlier cause, or this one before a redrive, wrote some of these already; they happen once. */
  async #withoutExisting(
    transaction: Transaction,
    pending: readonly DocumentWrite[],
  ): Promise<readonly DocumentWrite[]> {
    if (pending.length === 0) return pending;
    const refs = pending.map(({ path }) => this.#firestore.doc(path));
    const snapshots = await transaction.getAll(...refs);
    return pending.filter((_, index) => snapshots[index]?.exists !== true);
  }
}
