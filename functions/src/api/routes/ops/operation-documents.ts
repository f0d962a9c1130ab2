import { z } from 'zod';
import { timeText } from '../../fields.ts';
import type { Operation } from '../../../operations/index.ts';
import { OPERATION_STATES } from '../../../operations/index.ts';
import { opsJobDocument } from './job-documents.ts';

const findingDocument = z.strictObject({
  kind: z.string(),
  eventId: z.string().optional(),
  jobId: z.string().optional(),
  line: z.int().optional(),
  path: z.string().optional(),
  expected: z.string(),
  found: z.string(),
  whatToDo: z.string(),
});

/** A long operation as operators see it. */
export const operationDocument = z.strictObject({
  id: z.string(),
  kind: z.string(),
  params: z.record(z.string(), z.unknown()),
  dryRun: z.boolean(),
  by: z.string(),
  reason: z.string(),
  correlationId: z.string(),
  state: z.enum(OPERATION_STATES),
  /** What it is about to be. */
  wanted: z.enum(['running', 'paused', 'cancelled']),
  seen: z.int(),
  done: z.int(),
  skipped: z.record(z.string(), z.int()),
  /** The first of what was found to be wrong, and how much of each kind. */
  findings: z.array(findingDocument),
  found: z.record(z.string(), z.int()),
  estimate: z.int().optional(),
  /** By the estimate; absent where there is none, and at the end. */
  left: z.int().optional(),
  /** Rows that it looked at in a second, from its start to its last step. */
  ratePerSecond: z.number().optional(),
  maxRows: z.int(),
  rowsPerSecond: z.number(),
  maxOperations: z.int().optional(),
  reads: z.int(),
  writes: z.int(),
  startedAt: timeText,
  updatedAt: timeText,
  endedAt: timeText.optional(),
  lastError: z.strictObject({ code: z.string(), message: z.string() }).optional(),
  /** Where what it made can be found. */
  output: z.string().optional(),
});

/** One operation, with the step that is due or being made. */
export const operationDetailDocument = operationDocument.extend({
  step: opsJobDocument.optional(),
});

/** Some of the operations that were asked for. */
export const operationPageDocument = z.strictObject({
  operations: z.array(operationDocument),
  nextCursor: z.string().optional(),
});

/** Schemas that answers refer to by name. */
export const OPERATION_NAMED = {
  Operation: operationDocument,
  OperationFinding: findingDocument,
  OperationPage: operationPageDocument,
};

/** An operation for operators: how far it is, how fast, and what it has cost. */
export function showOperation(operation: Operation): z.input<typeof operationDocument> {
  const { step: _, cursor: __, startedAt, updatedAt, endedAt, ...shown } = operation;
  const { estimate, seen } = operation;
  const isOver = endedAt !== undefined;
  const lastedMs = (endedAt ?? updatedAt).getTime() - startedAt.getTime();
  return {
    ...shown,
    findings: [...operation.findings],
    left: estimate === undefined || isOver ? undefined : Math.max(0, estimate - seen),
    ratePerSecond: lastedMs > 0 ? Math.round((seen * 10_000) / lastedMs) / 10 : undefined,
    startedAt: startedAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    endedAt: endedAt?.toISOString(),
  };
}
