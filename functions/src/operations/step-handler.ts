import { z } from 'zod';
import type { Clock, DocumentData, DocumentReader, DocumentWrite } from '#kernel';
import type {
  Effects,
  NewJob,
  OutboxJob,
  RetryPolicy,
  RunContext,
  TransactionalHandler,
} from '#outbox';
import { CodedError, PLATFORM } from '#kernel';
import { jobId, PermanentError, UnroutableError } from '#outbox';
import type { StepFailure } from './decide-step.ts';
import { afterState, afterStep, decideStep, leastMs } from './decide-step.ts';
import type { Operation } from './operation.ts';
import { operationOf, OPERATIONS } from './operation.ts';
import type { AnyOperationKind, StepResult } from './operation-kind.ts';
import { outcomeEntry } from './outcome-entry.ts';

/** The job type of all steps. Stored in every row. */
const OPERATION_STEP = 'operation';

/** Whether a pause of this type, or of this tenant, would hold steps back: nobody could end it by an operation then. */
export function holdsSteps({
  jobType,
  orgId,
}: {
  readonly jobType?: string | undefined;
  readonly orgId?: string | undefined;
}): boolean {
  return jobType === OPERATION_STEP || (jobType === undefined && orgId === PLATFORM);
}

const payload = z.object({ operationId: z.string(), step: z.int().min(1) });

/** Whose step a job is that is still to be made; undefined for any other job, and for a step that is over. */
export function operationOfStep(
  job: Pick<OutboxJob, 'jobType' | 'status' | 'payload'>,
): string | undefined {
  const isOpen = job.status === 'pending' || job.status === 'processing';
  if (job.jobType !== OPERATION_STEP || !isOpen) return undefined;
  return payload.safeParse(job.payload).data?.operationId;
}

/** A step that fails has met a page that others keep changing, or the database is away: soon again, for an hour. */
export const STEP_POLICY: RetryPolicy = {
  initialMs: 5_000,
  multiplier: 2,
  maxMs: 300_000,
  maxAttempts: 20,
  jitter: 0.2,
  maxAgeMs: 24 * 3_600_000,
};

/** The job that makes step number `step`. */
export function stepJob(
  { id, correlationId }: Pick<Operation, 'id' | 'correlationId'>,
  step: number,
): NewJob {
  return {
    jobType: OPERATION_STEP,
    // Nobody’s: an organization that is paused does not stop what operators do about it.
    orgId: PLATFORM,
    causeId: `${id}~s${step}`,
    payload: { operationId: id, step },
    priority: 'bulk',
    metadata: { correlationId },
  };
}

/** The id of the job whose step is due or being made; of one that is not running, of its next. */
export function stepJobId(operation: Pick<Operation, 'id' | 'correlationId' | 'step'>): string {
  return jobId(stepJob(operation, operation.step));
}

/** What is written with an operation's new state. */
type WrittenWith = Pick<Effects, 'writes' | 'jobs'>;

/** What steps are made with. */
export interface StepDeps {
  readonly reader: Pick<DocumentReader, 'get'>;
  readonly kinds: ReadonlyMap<string, AnyOperationKind>;
  readonly clock: Pick<Clock, 'elapsedMs' | 'wait'>;
}

/** Makes the steps of operations, each in the commit that settles its job and writes the next. */
export function createStepHandler(deps: StepDeps): TransactionalHandler {
  return {
    kind: 'transactional',
    jobType: OPERATION_STEP,
    policy: STEP_POLICY,
    handle: (job, context) => makeStep(deps, job, context),
    onDeadLetter: (job, reason) => {
      const asked = payload.safeParse(job.payload);
      if (!asked.success) return { writes: [], jobs: [] };
      const { code, message } = job.lastError ?? { code: reason, message: 'A step never ended.' };
      const { correlationId } = job.metadata;
      return failed({ id: asked.data.operationId, correlationId }, { code, message });
    },
  };
}

async function makeStep(deps: StepDeps, job: OutboxJob, context: RunContext): Promise<Effects> {
  const { operationId, step } = payload.parse(job.payload);
  const { data } = await deps.reader.get(`${OPERATIONS}/${operationId}`);
  const operation = operationOf(operationId, data);
  const decision = decideStep(operation, step);
  if (operation === undefined || decision.kind === 'nothing') return { writes: [], jobs: [] };
  if (decision.kind === 'stop') return stopped(operation);
  if (decision.kind === 'fail') return failed(operation, decision);
  const { limit, atCeiling } = decision;
  if (atCeiling !== undefined && (await isMore(deps, operation, context))) {
    return failed(operation, atCeiling);
  }
  const startedMs = deps.clock.elapsedMs();
  const result = await lookAt(deps, operation, limit, context);
  const { moves, removals, writes, jobs, written } = effectsOf(operation, result);
  const own = afterStep(operation, result, written);
  const restMs = leastMs(operation, result) - (deps.clock.elapsedMs() - startedMs);
  if (restMs > 0) await deps.clock.wait(restMs, context.signal);
  const rest =
    result.cursor === undefined
      ? endOf({ ...operation, ...own }, { outcome: 'done' })
      : { writes: [], jobs: [stepJob(operation, step + 1)] };
  const all = [...writes, update(operationId, own), ...rest.writes];
  return { writes: all, moves, removals, jobs: [...jobs, ...rest.jobs] };
}

/** Whether there is a row beyond those that it may look at; where it cannot be known without a change, there may be. */
async function isMore(deps: StepDeps, operation: Operation, context: RunContext): Promise<boolean> {
  if (kindOf(deps, operation).changesAsItLooks === true) return true;
  const { seen } = await lookAt(deps, { ...operation, dryRun: true }, 1, context);
  return seen > 0;
}

/** What is written of what a step answers, and how much with what it wrote by itself. */
function effectsOf({ dryRun }: Operation, result: StepResult) {
  const { moves = [], removals = [], writes = [], jobs = [] } = dryRun ? {} : result;
  const planned = moves.length + removals.length + writes.length + jobs.length;
  return { moves, removals, writes, jobs, written: planned + (result.written ?? 0) };
}

async function lookAt(
  deps: StepDeps,
  operation: Operation,
  limit: number,
  { time, signal }: RunContext,
): Promise<StepResult> {
  const found = kindOf(deps, operation);
  const { id: operationId, cursor, startedAt, dryRun } = operation;
  const params = found.params.parse(operation.params) as never;
  try {
    return await found.step({
      operationId,
      params,
      cursor,
      limit,
      startedAt,
      dryRun,
      time,
      signal,
    });
  } catch (error) {
    throw asStepError(error);
  }
}

/** One of a kind that this code does not know may be of newer code, as during a rollout. */
function kindOf({ kinds }: StepDeps, { kind }: Operation): AnyOperationKind {
  const found = kinds.get(kind);
  if (found === undefined) throw new UnroutableError(`There is no operation of the kind ${kind}.`);
  return found;
}

/** What was foreseen comes to the same when it is tried again, unless it was that others were quicker. */
function asStepError(error: unknown): unknown {
  if (!(error instanceof CodedError) || error.code === 'contention') return error;
  return new PermanentError(error.message, { code: error.code, cause: error });
}

/** The step that stops it is made: whoever resumes begins with the next. */
function stopped(operation: Operation): WrittenWith {
  const { id, step, wanted } = operation;
  const own = update(id, { ...afterState('stopped'), step: step + 1 });
  if (wanted !== 'cancelled') return { writes: [own], jobs: [] };
  const { writes, jobs } = endOf(operation, { outcome: 'cancelled' });
  return { writes: [own, ...writes], jobs };
}

function failed(
  operation: Parameters<typeof outcomeEntry>[0],
  { code, message }: Omit<StepFailure, 'kind'>,
): WrittenWith {
  const own = update(operation.id, afterState('failed', { code, message }));
  const { writes, jobs } = endOf(operation, { outcome: 'failed', code, message });
  return { writes: [own, ...writes], jobs };
}

/** What is written with the end of an operation, whatever it was. */
function endOf(...ended: Parameters<typeof outcomeEntry>): WrittenWith {
  const { job, ...entry } = outcomeEntry(...ended);
  return { writes: [{ kind: 'set', ...entry }], jobs: [job] };
}

function update(id: string, data: DocumentData): DocumentWrite {
  return { kind: 'update', path: `${OPERATIONS}/${id}`, data };
}
