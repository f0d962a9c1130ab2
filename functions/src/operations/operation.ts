import { z } from 'zod';
import type { Finding } from '#events';
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

/** Firestore's times and, in memory, dates. */
const time = z
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
  state: z.enum(OPERATION_STATES),
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
  findings: z.array(z.custom<Finding>()).default([]),
  found: z.record(z.string(), count).default({}),
  /** How many rows there were when it began; others may have come or gone. */
  estimate: count.optional(),
  /** At most so many rows in all, and so many a second. */
  maxRows: z.int().min(1),
  rowsPerSecond: z.number().positive(),
  /** Firestore operations of its finished steps. */
  reads: count,
  writes: count,
  startedAt: time,
  updatedAt: time,
  endedAt: time.optional(),
  lastError: z.object({ code: z.string(), message: z.string() }).optional(),
});

/** A long piece of work, made of steps that are jobs of the outbox. */
export type Operation = Readonly<z.output<typeof operationDocument>> & { readonly id: string };

/** Reads a stored operation; undefined for what is none. */
export function operationOf(id: string, data: DocumentData | undefined): Operation | undefined {
  const parsed = operationDocument.safeParse(data);
  if (!parsed.success) return undefined;
  const { state, wanted } = parsed.data;
  // Cancelled while a step was pausing it: no step is left to say so.
  const isCancelled = state === 'paused' && wanted === 'cancelled';
  return { ...parsed.data, id, state: isCancelled ? 'cancelled' : state };
}
