import { z } from 'zod';
import { time } from '../fields.ts';
import { defineRoute } from '../route.ts';

export const getStatistics = defineRoute({
  method: 'GET',
  path: '/v1/statistics',
  operationId: 'getStatistics',
  summary: 'How many events of each type there are.',
  allow: ['admin', 'operator'],
  params: z.strictObject({}),
  query: z.strictObject({ from: time.optional(), to: time.optional() }),
  refusals: [],
  answers: {
    200: [
      'The counts, all of one moment; `others` are of types that are not built in.',
      z.strictObject({
        total: z.int(),
        types: z.array(z.strictObject({ eventType: z.string(), count: z.int() })),
        others: z.int(),
      }),
    ],
  },
  handle: async (api, { orgId }, { query }) => {
    return { status: 200, body: await api.events.count({ orgId, ...query }) };
  },
});
