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
import { CodedError } from '#kernel';
import { PermanentError } from '#outbox';
import type { StepDecision } from './decide-step.ts';
import { afterState, afterStep, decideStep, leastMs } from './decide-step.ts';
import type { Operation } from './operation.ts';
import { operationOf, OPERATIONS } from './operation.ts';
import type { AnyOperationKind, StepResult } from './operation-kind.ts';

/** The job type of all steps. Stored in every row. */
const OPERATION_STEP = 'operation';

/**
 * Steps are jobs of nobody’s: an organization that is paused does not stop what operators do about it, and
 * all operations share the bulk slots of one tenant.
 */
const PLATFORM = '_platform';

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
    orgId: PLATFORM,
    causeId: `${id}~s${step}`,
    payload: { operationId: id, step },
    priority: 'bulk',
    metadata: { correlationId },
  };
}

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
      if (!asked.success) return [];
      const { code, message } = job.lastError ?? { code: reason, message: 'A step never ended.' };
      return [update(asked.data.operationId, afterState('failed', { code, message }))];
    },
  };
}

async function makeStep(deps: StepDeps, job: OutboxJob, context: RunContext): Promise<Effects> {
  const { operationId, step } = payload.parse(job.payload);
  const { data } = await deps.reader.get(`${OPERATIONS}/${operationId}`);
  const operation = operationOf(operationId, data);
  const decision = decideStep(operation, step);
  if (operation === undefined || decision.kind === 'nothing') return { writes: [], jobs: [] };
  if (decision.kind !== 'go') return { writes: [stopped(operation, decision)], jobs: [] };
  const startedMs = deps.clock.elapsedMs();
  const result = await lookAt(deps, operation, decision.limit, context);
  const { moves, removals, writes, jobs } = effectsOf(operation, result);
  const written = moves.length + removals.length + writes.length + jobs.length;
  const own = update(operationId, afterStep(operation, result, written));
  const restMs = leastMs(operation, result) - (deps.clock.elapsedMs() - startedMs);
  if (restMs > 0) await deps.clock.wait(restMs, context.signal);
  const next = result.cursor === undefined ? [] : [stepJob(operation, step + 1)];
  return { writes: [...writes, own], moves, removals, jobs: [...jobs, ...next] };
}

/** What is written of what a step answers. */
function effectsOf({ dryRun }: Operation, result: StepResult) {
  const { moves = [], removals = [], writes = [], jobs = [] } = dryRun ? {} : result;
  return { moves, removals, writes, jobs };
}

async function lookAt(
  { kinds }: StepDeps,
  { id, kind, params, cursor, startedAt, dryRun }: Operation,
  limit: number,
  { time, signal }: RunContext,
): Promise<StepResult> {
  const found = kinds.get(kind);
  if (found === undefined) throw new PermanentError(`There is no operation of the kind ${kind}.`);
  const parsed = found.params.parse(params) as never;
  const asked = { operationId: id, params: parsed, cursor, limit, startedAt, dryRun, time, signal };
  try {
    return await found.step(asked);
  } catch (error) {
    throw asStepError(error);
  }
}

/** What was foreseen comes to the same when it is tried again, unless it was that others were quicker. */
function asStepError(error: unknown): unknown {
  if (!(error instanceof CodedError) || error.code === 'contention') return error;
  return new PermanentError(error.message, { code: error.code, cause: error });
}

/** The step that stops it is made: whoever resumes begins with the next. */
function stopped(
  { id, step }: Operation,
  decision: Extract<StepDecision, { readonly kind: 'stop' | 'fail' }>,
): DocumentWrite {
  if (decision.kind === 'stop') return update(id, { ...afterState('stopped'), step: step + 1 });
  const { code, message } = decision;
  return update(id, { ...afterState('failed', { code, message }), step: step + 1 });
}

function update(id: string, data: DocumentData): DocumentWrite {
  return { kind: 'update', path: `${OPERATIONS}/${id}`, data };
}
