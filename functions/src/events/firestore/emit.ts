import { Transaction } from 'firebase-admin/firestore';
import type {
  DocumentReference,
  DocumentSnapshot,
  Firestore,
  WriteBatch,
} from 'firebase-admin/firestore';
import type { DocumentTransaction, DocumentWrite, Ids, Logger } from '#kernel';
import { messageOf } from '#kernel';
import { addWrite } from '#kernel/firestore';
import type { EventDefinition } from '../catalog/define-event.ts';
import type { Cause } from '../emit/caused-by.ts';
import { CommitBudget } from '../emit/commit-budget.ts';
import type { EmitBatch } from '../emit/emit-batch.ts';
import { createEmitBatch } from '../emit/emit-batch.ts';
import type { EmitResult } from '../emit/emit-result.ts';
import type { Emit, EmitDeps, EmitOptions, TypedEventInput } from '../emit/emit.ts';
import { createEmit, observe } from '../emit/emit.ts';
import { ReadTooLateError } from '../emit/read-too-late-error.ts';
import { createFirestoreEventLog } from './event-log.ts';

/** As `EmitOptions`, with Firestore's own transaction and batch. */
export interface FirestoreEmitOptions {
  /**
   * A transaction of `withCommand`, or Firestore's own. Firestore's own wants every read before this
   * emit, and takes at most one event in a stream and one plain event of a type about an entity (with
   * keys: one for each key). It does not tell the runs of its callback apart, so that a second plain
   * one cannot be told from the first one run again: it is refused at the commit only, by Firestore,
   * with gRPC's INVALID_ARGUMENT (3), and nothing is written.
   */
  readonly transaction?: DocumentTransaction | Transaction;
  /** Takes every key once: a second emit with it throws `idempotency-key-reused`. */
  readonly batch?: WriteBatch;
  /**
   * Why: in a handler its job, elsewhere an event. The new event gets its correlation id, its trace, and as
   * `causationId` the event's id. With a job it is also emitted once, however often the handler runs.
   */
  readonly causedBy?: Cause;
}

/** `emitDomainEventWithOutbox`: an event and its jobs in one commit, or none of them. */
export interface EmitDomainEvent<Definition extends EventDefinition> {
  /** Never throws: what keeps the event from being written is logged, and the answer is undefined. */
  (
    input: TypedEventInput<Definition>,
    options: FirestoreEmitOptions & { readonly observational: true },
  ): Promise<EmitResult | undefined>;
  (input: TypedEventInput<Definition>, options?: FirestoreEmitOptions): Promise<EmitResult>;
}

/** Binds `emitDomainEventWithOutbox` to a database. */
export function createFirestoreEmit<Definition extends EventDefinition>(
  firestore: Firestore,
  deps: Omit<EmitDeps, 'log'> & { readonly logger: Logger },
): EmitDomainEvent<Definition> {
  const emit: Emit<Definition> = createEmit({ ...deps, log: createFirestoreEventLog(firestore) });
  const adapt = (options: FirestoreEmitOptions): EmitOptions => ({
    ...(options.transaction === undefined
      ? {}
      : { transaction: adaptTransaction(firestore, options.transaction, deps.ids) }),
    ...(options.batch === undefined ? {} : { batch: adaptBatch(firestore, options.batch) }),
    causedBy: options.causedBy,
  });
  const bound = async (
    input: TypedEventInput<Definition>,
    options: FirestoreEmitOptions & { observational?: boolean } = {},
  ): Promise<EmitResult | undefined> => {
    const adaptAndEmit = async (): Promise<EmitResult> => emit(input, adapt(options));
    if (options.observational !== true) return adaptAndEmit();
    return observe(deps.logger, input, adaptAndEmit, options.causedBy);
  };
  return bound as EmitDomainEvent<Definition>;
}

/** Binds `emitBatch` to a database. */
export function createFirestoreEmitBatch<Definition extends EventDefinition>(
  firestore: Firestore,
  deps: Omit<EmitDeps, 'log'>,
): EmitBatch<Definition> {
  return createEmitBatch({ ...deps, log: createFirestoreEventLog(firestore) });
}

const batches = new WeakMap<WriteBatch, { add(write: DocumentWrite): void }>();

/** One adapter per batch, since what is left of a commit is counted by it. */
function adaptBatch(firestore: Firestore, batch: WriteBatch): { add(write: DocumentWrite): void } {
  const target = batches.get(batch) ?? { add: (write) => addWrite(firestore, batch, write) };
  batches.set(batch, target);
  return target;
}

/**
 * The client library runs every retry of a callback on the same `Transaction` object, so what is kept
 * by that object is fixed before the callback and outlives its runs.
 */
const kept = new WeakMap<Transaction, Pick<DocumentTransaction, 'token' | 'memory'>>();

function adaptTransaction(
  firestore: Firestore,
  transaction: DocumentTransaction | Transaction,
  ids: Ids,
): DocumentTransaction {
  if (!(transaction instanceof Transaction)) return transaction;
  const { token, memory } = kept.get(transaction) ?? { token: ids.documentId(), memory: new Map() };
  kept.set(transaction, { token, memory });
  const adapted: DocumentTransaction = {
    token,
    memory,
    get: async (path) => {
      const snapshot = await startRead(transaction, firestore.doc(path));
      return { path, data: snapshot.data(), readAtMs: snapshot.readTime.toMillis() };
    },
    create: (path, data) => addWrite(firestore, transaction, { kind: 'create', path, data }),
    update: (path, data) => addWrite(firestore, transaction, { kind: 'update', path, data }),
    merge: (path, data) => addWrite(firestore, transaction, { kind: 'merge', path, data }),
    delete: (path) => addWrite(firestore, transaction, { kind: 'delete', path }),
  };
  CommitBudget.share(transaction, adapted);
  return adapted;
}

/** Firestore throws at once, and for this reason only, where a read may not even be asked. */
function startRead(transaction: Transaction, ref: DocumentReference): Promise<DocumentSnapshot> {
  try {
    return transaction.get(ref);
  } catch (error) {
    throw new ReadTooLateError(messageOf(error), { cause: error });
  }
}
