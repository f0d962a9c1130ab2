import { z } from 'zod';
import type { OutboxJob } from '#outbox';
import type { Operation, Operations } from '../../../operations/index.ts';
import {
  OPERATION_STATES,
  operationTerms,
  startAudited,
  stepJobId,
} from '../../../operations/index.ts';
import { cursor, id, limit } from '../../fields.ts';
import type { OpsDeps } from '../../ports.ts';
import { asked } from './change-job.ts';
import { showOpsJob } from './job-documents.ts';
import {
  operationDetailDocument,
  operationDocument,
  operationPageDocument,
  showOperation,
} from './operation-documents.ts';
import { defineOpsRoute, nothing, reason } from './ops-route.ts';

const operationParams = z.strictObject({ operationId: id });

export const startOperation = defineOpsRoute({
  method: 'POST',
  path: '/v1/ops/operations',
  operationId: 'startOperation',
  summary: 'Starts a long operation over many rows.',
  params: nothing,
  query: nothing,
  body: {
    schema: z.strictObject({
      kind: z.string().min(1).max(50),
      params: z.record(z.string(), z.unknown()),
      ...operationTerms,
      reason,
    }),
    code: 'invalid-input',
  },
  takesKey: true,
  refusals: [409, 413, 415],
  answers: {
    200: ['It was started before, with this key.', operationDocument],
    201: ['Its first step is due now.', operationDocument],
  },
  handle: async ({ ops }, visit, { body, idempotencyKey }) => {
    const who = asked(visit, body.reason);
    const { duplicate, ...started } = await startAudited(ops, { ...body, ...who, idempotencyKey });
    return { status: duplicate ? 200 : 201, body: showOperation(started) };
  },
});

export const listOperations = defineOpsRoute({
  method: 'GET',
  path: '/v1/ops/operations',
  operationId: 'listOperations',
  summary: 'Lists long operations, the newest first.',
  params: nothing,
  query: z.strictObject({
    state: z.enum(OPERATION_STATES).optional(),
    limit,
    cursor: cursor.optional(),
  }),
  refusals: [],
  answers: { 200: ['A page of operations.', operationPageDocument] },
  handle: async ({ ops }, _visit, { query }) => {
    const { operations, nextCursor } = await ops.operations.list(query);
    return { status: 200, body: { operations: operations.map(showOperation), nextCursor } };
  },
});

export const getOperation = defineOpsRoute({
  method: 'GET',
  path: '/v1/ops/operations/:operationId',
  operationId: 'getOperation',
  summary: 'How far a long operation is, how fast, and what it has cost.',
  params: operationParams,
  query: nothing,
  refusals: [404],
  answers: {
    200: [
      'The operation. `step` is absent where none is due or being made, and where one has just been made.',
      operationDetailDocument,
    ],
  },
  handle: async ({ ops }, _visit, { params: { operationId } }) => {
    const operation = await ops.operations.get(operationId);
    const step = await openStepOf(ops, operation);
    return { status: 200, body: { ...showOperation(operation), step: step && showOpsJob(step) } };
  },
});

/** The job of the step that a running one waits for. One that was made since the operation was read says nothing of it. */
async function openStepOf(
  { store }: Pick<OpsDeps, 'store'>,
  operation: Operation,
): Promise<OutboxJob | undefined> {
  if (operation.state !== 'running') return undefined;
  const [row] = (await store.readRows([stepJobId(operation)])).rows;
  return row?.kind === 'job' && row.job.status !== 'sent' ? row.job : undefined;
}

export const pauseOperation = defineChange('pause', {
  summary: 'Has a long operation wait after the step that is being made.',
  says: 'It waits after that step; `wanted` says so until then.',
});

export const resumeOperation = defineChange('resume', {
  summary: 'Lets a paused operation go on where it was.',
  says: 'Its next step is due now.',
});

export const cancelOperation = defineChange('cancel', {
  summary: 'Ends a long operation; what was done stays done.',
  says: 'It ends after the step that is being made; `wanted` says so until then.',
});

const OUTCOMES = { pause: 'pausing', resume: 'resumed', cancel: 'cancelling' } as const;

function defineChange(
  verb: keyof typeof OUTCOMES & keyof Operations,
  { summary, says }: { readonly summary: string; readonly says: string },
): ReturnType<typeof defineOpsRoute> {
  const action = `operation.${verb}`;
  return defineOpsRoute({
    method: 'POST',
    path: `/v1/ops/operations/:operationId/${verb}`,
    operationId: `${verb}Operation`,
    summary,
    params: operationParams,
    query: nothing,
    body: { schema: z.strictObject({ reason }), code: 'invalid-input' },
    refusals: [404, 409, 413, 415],
    answers: { 200: [says, operationDocument] },
    handle: async ({ ops }, visit, { params: { operationId: target }, body }) => {
      const change = { ...asked(visit, body.reason), action, target };
      const { operation } = await ops.audited(change, async () => {
        const changed: Operation = await ops.operations[verb](target);
        return { kind: OUTCOMES[verb], operation: changed };
      });
      return { status: 200, body: showOperation(operation) };
    },
  });
}
