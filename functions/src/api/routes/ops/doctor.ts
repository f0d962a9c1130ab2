import { z } from 'zod';
import { SEVERITIES } from '../../../doctor/index.ts';
import { defineOpsRoute, nothing } from './ops-route.ts';

const diagnosisDocument = z.strictObject({
  verdict: z.enum(['well', 'incomplete', 'findings']),
  findings: z.array(
    z.strictObject({
      code: z.string(),
      severity: z.enum(SEVERITIES),
      what: z.string(),
      where: z.string(),
      whatToDo: z.string(),
    }),
  ),
  looks: z.array(
    z.strictObject({
      name: z.string(),
      looked: z.boolean(),
      why: z.string().optional(),
      whatToDo: z.string().optional(),
    }),
  ),
});

export const getDiagnosis = defineOpsRoute({
  method: 'GET',
  path: '/v1/ops/doctor',
  operationId: 'getDiagnosis',
  summary: 'Looks for what is wrong with the deployment, and says what to do.',
  params: nothing,
  query: nothing,
  refusals: [],
  answers: {
    200: [
      'What was found, and what could not be looked at: only `well` says that nothing is wrong.',
      diagnosisDocument,
    ],
  },
  handle: async ({ ops }) => ({ status: 200, body: await ops.doctor() }),
});
