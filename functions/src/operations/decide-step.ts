import type { DocumentData } from '#kernel';
import { SECOND_MS, SERVER_TIME } from '#kernel';
import type { Operation, OperationFinding, StoredState } from './operation.ts';
import type { StepResult } from './operation-kind.ts';

/** Rows a step looks at, at most: with what it writes for each it has to fit one commit. */
const MAX_ROWS_PER_STEP = 200;

/** Findings that are kept; whoever has more has enough to do. */
const MAX_FINDINGS = 100;

/** What a step does first. */
export type StepDecision =
  /** It was made before, or the operation is over. */
  | { readonly kind: 'nothing' }
  /** As operators want it. */
  | { readonly kind: 'stop' }
  | StepFailure
  /** `atCeiling`: it has seen all rows that it may; with one more it has failed so. */
  | { readonly kind: 'go'; readonly limit: number; readonly atCeiling?: StepFailure };

/** How it fails where nothing went wrong. */
export interface StepFailure {
  readonly kind: 'fail';
  readonly code: string;
  readonly message: string;
}

/** Decides on step number `step` of an operation as it is stored. */
export function decideStep(operation: Operation | undefined, step: number): StepDecision {
  if (operation?.state !== 'running' || operation.step !== step) return { kind: 'nothing' };
  const {
    wanted,
    maxRows,
    seen,
    rowsPerSecond,
    maxOperations = Infinity,
    reads,
    writes,
  } = operation;
  if (wanted !== 'running') return { kind: 'stop' };
  if (reads + writes >= maxOperations) {
    return ceiling(
      `It has made ${reads + writes} reads and writes and may make ${maxOperations}: start another with a higher maxOperations.`,
    );
  }
  if (seen >= maxRows) {
    const atCeiling = ceiling(
      `It has looked at ${seen} rows and may look at ${maxRows}: start another with a higher maxRows.`,
    );
    return { kind: 'go', limit: 1, atCeiling };
  }
  const perStep = Math.min(MAX_ROWS_PER_STEP, Math.floor(rowsPerSecond));
  return { kind: 'go', limit: Math.min(perStep, maxRows - seen) };
}

function ceiling(message: string): StepFailure {
  return { kind: 'fail', code: 'ceiling-reached', message };
}

/**
 * How long a step lasts at least, in milliseconds, so that no more rows a second are touched, and jobs made, than may be: a
 * second at most.
 */
export function leastMs(
  { rowsPerSecond }: Operation,
  { seen, jobs = [] }: Pick<StepResult, 'seen' | 'jobs'>,
): number {
  return Math.min(SECOND_MS, (Math.max(seen, jobs.length) * SECOND_MS) / rowsPerSecond);
}

/** What a step writes into its operation, besides what else it writes (`written`). */
export function afterStep(operation: Operation, result: StepResult, written: number): DocumentData {
  const { findings = [] } = result;
  const isOver = result.cursor === undefined;
  return {
    seen: operation.seen + result.seen,
    done: operation.done + result.done,
    skipped: sum(operation.skipped, Object.entries(result.skipped ?? {})),
    ...(findings.length === 0 ? {} : found(operation, findings)),
    reads: operation.reads + result.reads + OWN_READS,
    writes: operation.writes + written + OWN_WRITES + (isOver ? 1 : 0),
    step: operation.step + 1,
    ...(isOver ? {} : { cursor: result.cursor }),
    ...(result.output === undefined ? {} : { output: result.output }),
    ...afterState(isOver ? 'done' : 'running'),
  };
}

/** What was found to be wrong, with what was found before. */
function found(operation: Operation, findings: readonly OperationFinding[]): DocumentData {
  return {
    findings: [...operation.findings, ...findings].slice(0, MAX_FINDINGS),
    found: sum(
      operation.found,
      findings.map(({ kind }) => [kind, 1] as const),
    ),
  };
}

function sum(
  before: Readonly<Record<string, number>>,
  more: readonly (readonly [name: string, count: number])[],
): Record<string, number> {
  const sums = { ...before };
  for (const [name, count] of more) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}

/** The operation itself. */
const OWN_READS = 1;
/** The operation, the step's job, and the next one's or, at the end, the entry of that; the job that sends it is one more. */
const OWN_WRITES = 3;

/** The fields of a new state. */
export function afterState(
  state: StoredState,
  lastError?: { readonly code: string; readonly message: string },
): DocumentData {
  const isOver = state === 'done' || state === 'failed';
  return {
    state,
    updatedAt: SERVER_TIME,
    ...(isOver ? { endedAt: SERVER_TIME } : {}),
    ...(lastError === undefined ? {} : { lastError }),
  };
}
