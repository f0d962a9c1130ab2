import { z } from 'zod';
import { placeInStream } from '#events';
import type { CancelResult, OutboxJob, Place, RedriveResult } from '#outbox';
import { cancelJob as cancel, redriveJob } from '#outbox';
import { operationOfStep } from '../../../operations/index.ts';
import type { ApiDeps, OpsDeps } from '../../ports.ts';
import type { PlatformVisit } from '../../route.ts';
import { defineOpsRoute, jobParams, nothing, reason } from './ops-route.ts';
import type { Refused } from './refusals.ts';
import { refusalOf } from './refusals.ts';

export const retryJob = defineOpsRoute({
  method: 'POST',
  path: '/v1/ops/jobs/:jobId/retry',
  operationId: 'retryJob',
  summary: 'Sends a dead letter or a cancelled job round again, with all its attempts.',
  params: jobParams,
  query: nothing,
  body: {
    schema: z.strictObject({ reason, regainPlace: z.boolean().optional() }),
    code: 'invalid-input',
  },
  refusals: [404, 409, 413, 415],
  answers: {
    200: ['It is due now.', z.strictObject({ jobId: z.string(), outcome: z.literal('redriven') })],
  },
  handle: async (api, visit, { params: { jobId }, body }) => {
    const { regainPlace = false } = body;
    const action = regainPlace ? 'job.regain-place' : 'job.retry';
    const change = { ...asked(visit, body.reason), action, target: jobId };
    const result = await api.ops.audited(change, () => retry(api, jobId, regainPlace));
    if (result.kind !== 'redriven') throw refusalOf(result);
    return { status: 200, body: { jobId, outcome: result.kind } };
  },
});

export const cancelJob = defineOpsRoute({
  method: 'POST',
  path: '/v1/ops/jobs/:jobId/cancel',
  operationId: 'cancelJob',
  summary: 'Takes out a job that waits, is paused or is a dead letter; its line goes on.',
  params: jobParams,
  query: nothing,
  body: { schema: z.strictObject({ reason }), code: 'invalid-input' },
  refusals: [404, 409, 413, 415],
  answers: {
    200: [
      'It is not run, unless it is sent round again.',
      z.strictObject({ jobId: z.string(), outcome: z.literal('cancelled') }),
    ],
  },
  handle: async ({ ops }, visit, { params: { jobId }, body }) => {
    const change = { ...asked(visit, body.reason), action: 'job.cancel', target: jobId };
    const result = await ops.audited(change, () => takeOut(ops, jobId));
    if (result.kind !== 'cancelled') throw refusalOf(result);
    return { status: 200, body: { jobId, outcome: result.kind } };
  },
});

/** Who asks for a change, why, and in which request. */
export function asked(
  { caller, correlationId }: PlatformVisit,
  why: string,
): { readonly by: string; readonly reason: string; readonly correlationId: string } {
  return { by: caller.uid, reason: why, correlationId };
}

type Asking = Pick<ApiDeps, 'ops' | 'events'>;

async function retry(
  api: Asking,
  jobId: string,
  regainPlace: boolean,
): Promise<RedriveResult | Extract<Refused, { readonly kind: 'event-missing' }>> {
  const [row] = (await api.ops.store.readRows([jobId])).rows;
  const place = row?.kind === 'job' ? await placeGivenUpBy(api, row.job) : undefined;
  if (place === 'unknown') return { kind: 'event-missing' };
  return redriveJob(api.ops.store, jobId, { place, regainPlace });
}

/** A step that is taken out would leave its operation running for ever, with nobody to go on with it. */
async function takeOut(
  { store }: Pick<OpsDeps, 'store'>,
  jobId: string,
): Promise<CancelResult | Extract<Refused, { readonly kind: 'is-a-step' }>> {
  const [row] = (await store.readRows([jobId])).rows;
  const operationId = row?.kind === 'job' ? operationOfStep(row.job) : undefined;
  if (operationId !== undefined) return { kind: 'is-a-step', operationId };
  return cancel(store, jobId);
}

/** Where a job of an ordered subscription stood that stands nowhere now. */
async function placeGivenUpBy(
  { ops, events }: Asking,
  { jobType, orgId, eventId, orderingKey }: OutboxJob,
): Promise<Place | 'unknown' | undefined> {
  const isOrdered = ops.subscriptions.some(
    ({ id, ordered }) => id === jobType && ordered !== undefined,
  );
  if (!isOrdered || orderingKey !== undefined || eventId === undefined) return undefined;
  const event = await events.get({ orgId, eventId });
  if (event === undefined) return 'unknown';
  return placeInStream(jobType, event, event.streamVersion);
}
