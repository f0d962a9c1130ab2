import { z } from 'zod';
import { CodedError } from '#kernel';
import { pauseId, pauseJobs as pause, resumeJobs as resume } from '#outbox';
import { id, typeName } from '../../fields.ts';
import type { OpsDeps } from '../../ports.ts';
import { HttpError } from '../../request-input.ts';
import { asked } from './change-job.ts';
import { pauseDocument, showPause } from './job-documents.ts';
import { holdsSteps } from '../../../operations/index.ts';
import { defineOpsRoute, nothing, reason } from './ops-route.ts';
import { jobTypesOf } from './stats.ts';

export const getControls = defineOpsRoute({
  method: 'GET',
  path: '/v1/ops/controls',
  operationId: 'getControls',
  summary: 'What operators have set: pauses, and slots that differ from the settings.',
  params: nothing,
  query: nothing,
  refusals: [],
  answers: {
    200: [
      'What is set.',
      z.strictObject({
        pauses: z.array(pauseDocument),
        slots: z
          .strictObject({ normal: z.int(), bulk: z.int(), draining: z.array(z.int()) })
          .optional(),
      }),
    ],
  },
  handle: async ({ ops }) => {
    const { pauses, slots } = await ops.store.readControls();
    return { status: 200, body: { pauses: pauses.map(showPause), slots } };
  },
});

const pauseBody = z
  .strictObject({ jobType: typeName.optional(), orgId: id.optional(), reason })
  .refine(({ jobType, orgId }) => jobType !== undefined || orgId !== undefined, {
    path: ['jobType'],
    message: 'say a jobType, an orgId, or both',
  });

export const pauseJobs = defineOpsRoute({
  method: 'POST',
  path: '/v1/ops/controls/pauses',
  operationId: 'pauseJobs',
  summary: 'Holds back the jobs of a type, of an organization, or of a type of one.',
  params: nothing,
  query: nothing,
  body: { schema: pauseBody, code: 'invalid-input' },
  refusals: [413, 415],
  answers: {
    201: [
      'Within ten seconds no more of them are begun; what runs is not stopped.',
      z.strictObject({ pauseId: z.string() }),
    ],
  },
  handle: async ({ ops }, visit, { body: { reason: why, ...target } }) => {
    const change = { ...asked(visit, why), action: 'jobs.pause', target: pauseId(target) };
    const result = await ops.audited(change, async () => {
      refuseUnknown(ops, target.jobType);
      refuseSteps(target);
      return { kind: 'paused', pauseId: await pause(ops.store, target, change) };
    });
    return { status: 201, body: { pauseId: result.pauseId } };
  },
});

export const resumeJobs = defineOpsRoute({
  method: 'POST',
  path: '/v1/ops/controls/resume',
  operationId: 'resumeJobs',
  summary: 'Ends a pause, named by what it holds back.',
  params: nothing,
  query: nothing,
  body: { schema: pauseBody, code: 'invalid-input' },
  refusals: [409, 413, 415],
  answers: {
    200: [
      'The next ticks make its jobs due again.',
      z.strictObject({ pauseId: z.string(), outcome: z.literal('resuming') }),
    ],
  },
  handle: async ({ ops }, visit, { body: { reason: why, ...target } }) => {
    const held = pauseId(target);
    const change = { ...asked(visit, why), action: 'jobs.resume', target: held };
    const result = await ops.audited(change, async () => ({ kind: await resume(ops.store, held) }));
    if (result.kind === 'resuming') {
      return { status: 200, body: { pauseId: held, outcome: result.kind } };
    }
    const message = `There is no pause ${held}. See GET /v1/ops/controls for those there are.`;
    throw new HttpError('not-paused', message);
  },
});

/** A pause of a type that is misspelt would hold back nothing, and nobody would see. */
function refuseUnknown(ops: Pick<OpsDeps, 'subscriptions'>, jobType: string | undefined): void {
  const types = jobTypesOf(ops);
  if (jobType === undefined || types.includes(jobType)) return;
  const problem = { path: 'jobType', message: 'not a job type of this deployment' };
  throw new CodedError('invalid-input', `The job types are ${types.join(', ')}`, [problem]);
}

/** What operators do about a pause they do with steps. */
function refuseSteps(target: Parameters<typeof holdsSteps>[0]): void {
  if (!holdsSteps(target)) return;
  const path = target.jobType === undefined ? 'orgId' : 'jobType';
  const message = 'the steps of operations cannot be held back: pause the operation itself';
  throw new CodedError('invalid-input', 'The jobs cannot be paused', [{ path, message }]);
}
