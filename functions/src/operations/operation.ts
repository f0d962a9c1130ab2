import { z } from 'zod';
import type { DocumentData } from '#kernel';

/** Where operations are kept. */
export const OPERATIONS = 'operations';

/**
 * - `running`: a step is due or being made.
 * - `paused`: it waits for somebody to resume it.
 * - `done`: there is nothing left of it.
 * - `cancelled`: somebody ended it; what was done stays done.
 * - `failed`: a step became a dead letter, or a ceiling was reached; see `lastError`.
 */
export const OPERATION_STATES = ['running', 'paused', 'done', 'cancelled', 'failed'] as const;
/** One of `OPERATION_STATES`. */
export type OperationState = (typeof OPERATION_STATES)[number];

/** A step, which looks at a whole row at least, waits a second for it at most: a run has seconds, not minutes. */
export const LEAST_ROWS_PER_SECOND = 1;

/** What was found to be wrong with an event, a row or a line, and what to do about it. */
export interface OperationFinding {
  readonly kind: string;
  readonly eventId?: string;
  readonly jobId?: string;
  /** Of a file, from 1. */
  readonly line?: number;
  /** What of it. */
  readonly path?: string;
  readonly expected: string;
  readonly found: string;
  readonly whatToDo: string;
}

/** Firestore's times and, in memory, dates. */
export const storedTime = z
  .custom<Date | { toMillis(): number }>(
    (value) =>
      value instanceof Date || (typeof value === 'object' && value !== null && 'toMillis' in value),
  )
  .transform((at) => (at instanceof Date ? at : new Date(at.toMillis())));
const count = z.int().min(0);

const operationDocument = z.object({
  kind: z.string(),
  /** What is asked for, as the kind's schema says. */
  params: z.record(z.string(), z.unknown()),
  /** Whether it only counts what it would do. */
  dryRun: z.boolean(),
  /** Who started it, and why. */
  by: z.string(),
  reason: z.string(),
  correlationId: z.string(),
  /** `stopped`: by a step, or while there is none; what operators want then says how. */
  state: z.enum(['running', 'stopped', 'done', 'failed']),
  /** What operators want; a step takes it up, within a step's time. */
  wanted: z.enum(['running', 'paused', 'cancelled']),
  /** The number of the step that is due, being made or, while it is paused, the next. */
  step: z.int().min(1),
  /** Where the next step begins, for its kind to read. */
  cursor: z.string().optional(),
  /** Rows looked at, rows changed, and rows left as they were, by why. */
  seen: count,
  done: count,
  skipped: z.record(z.string(), count),
  /** What was found to be wrong: the first of it, and how much of each kind. */
  findings: z.array(z.custom<OperationFinding>()).default([]),
  found: z.record(z.string(), count).default({}),
  /** How many rows there were when it began; others may have come or gone. */
  estimate: count.optional(),
  /** At most so many rows in all, and so many a second. */
  maxRows: z.int().min(1),
  rowsPerSecond: z
    .number()
    .positive()
    // Older code let it be less.
    .transform((rate) => Math.max(LEAST_ROWS_PER_SECOND, rate)),
  /** At most so many reads and writes. */
  maxOperations: z.int().min(1).optional(),
  /** Firestore operations of its finished steps. */
  reads: count,
  writes: count,
  startedAt: storedTime,
  updatedAt: storedTime,
  endedAt: storedTime.optional(),
  lastError: z.object({ code: z.string(), message: z.string() }).optional(),
  /** Where what it made can be found. */
  output: z.string().optional(),
});

/** As it is stored. */
export type StoredState = z.output<typeof operationDocument>['state'];

/** A long piece of work, made of steps that are jobs of the outbox. */
export type Operation = Omit<Readonly<z.output<typeof operationDocument>>, 'state'> & {
  readonly id: string;
  readonly state: OperationState;
};

/** Reads a stored operation; undefined for what is none. */
export function operationOf(id: string, data: DocumentData | undefined): Operation | undefined {
  const parsed = operationDocument.safeParse(data);
  if (!parsed.success) return undefined;
  const { state: stored, wanted, updatedAt, endedAt } = parsed.data;
  const state = stored === 'stopped' ? stoppedState(wanted) : stored;
  // Cancelled while a step was stopping it: no step is left to note the time.
  const ended = state === 'cancelled' ? { endedAt: endedAt ?? updatedAt } : {};
  return { ...parsed.data, id, state, ...ended };
}

/** One that is wanted again is not stopped any more: it is written with its next step. */
function stoppedState(wanted: Operation['wanted']): OperationState {
  return wanted === 'cancelled' ? 'cancelled' : 'paused';
}

/** How a state is found among what is stored. */
export function storedState(state: OperationState): Readonly<Record<string, string>> {
  if (state !== 'paused' && state !== 'cancelled') return { state };
  return { state: 'stopped', wanted: state };
}
