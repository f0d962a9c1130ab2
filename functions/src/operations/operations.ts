import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { DocumentData, DocumentTransaction, Ids, Problem, RunTransaction } from '#kernel';
import {
  CodedError,
  hashParts,
  HOUR_MS,
  isEntityId,
  MINUTE_MS,
  problemsOf,
  SERVER_TIME,
} from '#kernel';
import type { NewJob, RetryPolicy, SlotCounts } from '#outbox';
import { jobId, recordPendingJob } from '#outbox';
import { afterState } from './decide-step.ts';
import { cancelling, pausing, resuming } from './decide-change.ts';
import type { Operation, OperationState } from './operation.ts';
import { LEAST_ROWS_PER_SECOND, operationOf, OPERATIONS } from './operation.ts';
import type { AnyOperationKind } from './operation-kind.ts';
import { outcomeEntry } from './outcome-entry.ts';
import { AUDIT_POLICY } from './audit-job.ts';
import { STEP_POLICY, stepJob, stepJobId } from './step-handler.ts';

/** What somebody starts. */
export interface NewOperation {
  readonly kind: string;
  /** As the kind's schema says. */
  readonly params: unknown;
  /** Only counts what it would do. Default: false. */
  readonly dryRun?: boolean | undefined;
  /** Rows that it looks at, at most; default 1,000,000. At the ceiling it has failed. */
  readonly maxRows?: number | undefined;
  /** Firestore reads and writes together, at most, but for the step that gets there; default: none. There it has failed. */
  readonly maxOperations?: number | undefined;
  /** Default 200, 1 to 1,000. */
  readonly rowsPerSecond?: number | undefined;
  /** Who starts it, and why. */
  readonly by: string;
  readonly reason: string;
  readonly correlationId: string;
  /** With the same key, the same person starts one operation, however often they ask. */
  readonly idempotencyKey?: string | undefined;
  /** As `idFor` answered it, for whoever has to know it before. */
  readonly id?: string | undefined;
}

/** Which operations, newest first. */
export interface OperationQuery {
  /** In this state. */
  readonly state?: OperationState | undefined;
  /** Operations a page. */
  readonly limit: number;
  /** `nextCursor` of the page before, of the same query. */
  readonly cursor?: string | undefined;
}

/** Some of the operations that were asked for. */
export interface OperationPage {
  readonly operations: readonly Operation[];
  /** Where the next page begins; undefined after the last. A page that was just full may be the last. */
  readonly nextCursor: string | undefined;
}

/** An operation as it was started. */
export interface StartedOperation extends Operation {
  /** Whether it was there already, by its key. */
  readonly duplicate: boolean;
}

/** What operators do with operations. All but `list` throw `not-found` for an id of none. */
export interface Operations {
  /** The id of one that is about to be started: of its key, or a new one. */
  readonly idFor: (asked: Pick<NewOperation, 'by' | 'idempotencyKey'>) => string;
  /**
   * Starts one; its first step is due at once, so the next tick makes it. Throws `invalid-input` for a kind that there
   * is not, and for parameters that do not fit, by path.
   */
  readonly start: (asked: NewOperation) => Promise<StartedOperation>;
  readonly get: (id: string) => Promise<Operation>;
  /** A page. One read for each, at least one. Throws `bad-cursor`. */
  readonly list: (query: OperationQuery) => Promise<OperationPage>;
  /** Takes hold with the next step, a second or so later. Throws `failed-precondition` where it is over. */
  readonly pause: (id: string) => Promise<Operation>;
  /** It goes on where it was. Throws `failed-precondition` where it is not, or not yet, paused. */
  readonly resume: (id: string) => Promise<Operation>;
  /** As `pause`, for good: what was done stays done. Again, it changes nothing. */
  readonly cancel: (id: string) => Promise<Operation>;
}

/** How an operation is made, whatever its kind; see `NewOperation`. */
export const operationTerms = {
  dryRun: z.boolean().default(false),
  maxRows: z.int().min(1).max(100_000_000).default(1_000_000),
  rowsPerSecond: z.number().min(LEAST_ROWS_PER_SECOND).max(1_000).default(200),
  maxOperations: z.int().min(1).optional(),
};

const terms = z.strictObject({
  ...operationTerms,
  by: z.string().min(1).max(128),
  reason: z.string().min(1).max(500),
  correlationId: z.string().min(1).max(200),
});

/** What operations are put together of. */
export interface OperationsDeps {
  readonly kinds: ReadonlyMap<string, AnyOperationKind>;
  readonly runTransaction: RunTransaction;
  readonly ids: Ids;
  readonly slots: SlotCounts;
  readonly list: Operations['list'];
}

/** Binds them to a database. */
export function createOperations(deps: OperationsDeps): Operations {
  const { runTransaction, ids } = deps;
  const get = (id: string): Promise<Operation> =>
    runTransaction(ids.documentId(), async (tx) => (await read(tx, id)).operation, {
      isReadOnly: true,
    });
  /** Writes what `decide` says, which may throw, and answers the operation as it is then. */
  const change = async (
    id: string,
    decide: (operation: Operation) => DocumentData,
    alsoWrite?: (tx: DocumentTransaction, operation: Operation) => void,
  ): Promise<Operation> => {
    await runTransaction(ids.documentId(), async (tx) => {
      const { operation } = await read(tx, id);
      tx.update(`${OPERATIONS}/${id}`, decide(operation));
      alsoWrite?.(tx, operation);
    });
    return get(id);
  };
  const idFor: Operations['idFor'] = ({ by, idempotencyKey }) =>
    idempotencyKey === undefined
      ? ids.documentId()
      : hashParts('operation', by, idempotencyKey).slice(0, 32);
  return {
    idFor,
    start: async (asked) => {
      const id = asked.id ?? idFor(asked);
      const duplicate = await start(deps, id, asked);
      return { ...(await get(id)), duplicate };
    },
    get,
    list: deps.list,
    pause: (id) => change(id, pausing),
    resume: (id) => change(id, resuming, (tx, operation) => addStep(deps, tx, operation)),
    cancel: async (id) => {
      await runTransaction(ids.documentId(), (tx) => cancel(deps, tx, id));
      return get(id);
    },
  };
}

/** Whether it was there already: one that was started with the same key is that one. */
async function start(deps: OperationsDeps, id: string, asked: NewOperation): Promise<boolean> {
  const { kind, params, idempotencyKey: _, id: __, ...rest } = asked;
  const found = deps.kinds.get(kind);
  if (found === undefined) {
    throw invalid([
      { path: 'kind', message: `expected one of ${[...deps.kinds.keys()].join(', ')}` },
    ]);
  }
  if (rest.dryRun === true && found.changesAsItLooks === true) {
    const message = `a ${kind} cannot be tried: it changes as it looks`;
    throw invalid([{ path: 'dryRun', message }]);
  }
  const checked = check(found.params, params, 'params') as Operation['params'];
  const fields = { ...check(terms, rest), kind, params: checked };
  const isThere = async (tx: DocumentTransaction): Promise<boolean> => {
    const { data } = await tx.get(`${OPERATIONS}/${id}`);
    if (data !== undefined) refuseOther(operationOf(id, data), fields);
    return data !== undefined;
  };
  // Before the estimate, which may be refused, or cost, by now.
  const { ids, runTransaction } = deps;
  const isKnown = await runTransaction(ids.documentId(), isThere, { isReadOnly: true });
  if (isKnown) return true;
  const estimate = await found.estimate(fields.params as never);
  return runTransaction(ids.documentId(), async (tx) => {
    if (await isThere(tx)) return true;
    tx.create(`${OPERATIONS}/${id}`, {
      ...fields,
      ...(estimate === undefined ? {} : { estimate }),
      ...BEGINNING,
      ...afterState('running'),
      startedAt: SERVER_TIME,
    });
    addStep(deps, tx, { id, step: 1, correlationId: fields.correlationId });
    return false;
  });
}

const BEGINNING = {
  wanted: 'running',
  step: 1,
  seen: 0,
  done: 0,
  skipped: {},
  reads: 0,
  writes: 0,
};

function addStep(
  deps: Pick<OperationsDeps, 'slots'>,
  tx: DocumentTransaction,
  operation: Pick<Operation, 'id' | 'step' | 'correlationId'>,
): void {
  addJob(deps, tx, stepJob(operation, operation.step), STEP_POLICY);
}

function addJob(
  { slots }: Pick<OperationsDeps, 'slots'>,
  tx: DocumentTransaction,
  job: NewJob,
  { maxAttempts }: RetryPolicy,
): void {
  const row = recordPendingJob(job, { slots, maxAttempts });
  if (row.kind === 'create') tx.create(row.path, row.data);
}

/** How long a step may go on that has not seen what operators want: the longest lease there can be, and some. */
const STEP_MAY_LAST_MS = HOUR_MS + MINUTE_MS;

/**
 * The next step ends it and notes that. One that is paused, or whose step is gone, is over at once. One that was about to
 * be paused may have no step left that would note it; with one it is noted again, perhaps otherwise, so what is there when
 * that is over is sent.
 */
async function cancel(
  deps: Pick<OperationsDeps, 'slots'>,
  tx: DocumentTransaction,
  id: string,
): Promise<void> {
  const { operation, atMs } = await read(tx, id);
  const hasStep = operation.state === 'running' && (await isStepOpen(tx, operation));
  tx.update(`${OPERATIONS}/${id}`, cancelling(operation, hasStep));
  if (operation.state === 'cancelled' || (hasStep && operation.wanted !== 'paused')) return;
  const { path, data, job } = outcomeEntry(operation, { outcome: 'cancelled' });
  tx.merge(path, data);
  // It may have been told when there was a step left.
  if ((await tx.get(`outbox/${jobId(job)}`)).data !== undefined) return;
  const due = hasStep ? { notBefore: new Date(atMs + STEP_MAY_LAST_MS) } : {};
  addJob(deps, tx, { ...job, ...due }, AUDIT_POLICY);
}

/** Whether somebody will make its step: not where its row was deleted, or parked because somebody had damaged it. */
async function isStepOpen(tx: DocumentTransaction, operation: Operation): Promise<boolean> {
  const { data } = await tx.get(`outbox/${stepJobId(operation)}`);
  return data?.['status'] === 'pending' || data?.['status'] === 'processing';
}

/** What was asked for with a key; why may be said in other words. */
type AskedFor = Pick<Operation, 'kind' | 'params' | keyof typeof operationTerms>;

function refuseOther(there: Operation | undefined, asked: AskedFor): void {
  if (there !== undefined && isDeepStrictEqual(askedFor(there), askedFor(asked))) return;
  const message = 'The idempotency key was used to start something else.';
  throw new CodedError('idempotency-key-reused', message);
}

function askedFor({ kind, params, dryRun, maxRows, rowsPerSecond, maxOperations }: AskedFor) {
  return { kind, params, dryRun, maxRows, rowsPerSecond, maxOperations };
}

/** An operation, and when it was read, by the server. */
interface Found {
  readonly operation: Operation;
  readonly atMs: number;
}

async function read(tx: DocumentTransaction, id: string): Promise<Found> {
  const stored = isEntityId(id) ? await tx.get(`${OPERATIONS}/${id}`) : undefined;
  const operation = operationOf(id, stored?.data);
  if (stored === undefined || operation === undefined) {
    throw new CodedError('not-found', 'There is no such operation.');
  }
  return { operation, atMs: stored.readAtMs };
}

function check<T>(schema: z.ZodType<T>, value: unknown, path?: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = problemsOf(parsed.error.issues);
  throw invalid(
    problems.map((problem) => ({
      ...problem,
      path: [path, problem.path].filter((part) => part !== undefined && part !== '').join('.'),
    })),
  );
}

function invalid(problems: readonly Problem[]): CodedError {
  return new CodedError('invalid-input', 'The operation cannot be started', problems);
}
