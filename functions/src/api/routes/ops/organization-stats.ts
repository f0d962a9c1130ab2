import { z } from 'zod';
import { cursor, limit } from '../../fields.ts';
import { defineOpsRoute, nothing } from './ops-route.ts';
import { statusCounts } from './stats.ts';

const organizationDocument = z.strictObject({ orgId: z.string(), ...statusCounts });

export const listOrganizationStats = defineOpsRoute({
  method: 'GET',
  path: '/v1/ops/stats/organizations',
  operationId: 'listOrganizationStats',
  summary:
    'How many jobs of each organization wait, are being run and are dead letters: the platform’s own first, then by id.',
  params: nothing,
  query: z.strictObject({ limit, cursor: cursor.optional() }),
  refusals: [],
  answers: {
    200: [
      'A page of organizations, its counts all of one moment. `_platform` is the platform itself: operations’ steps and alerts are its. An organization whose document is gone is not listed, whatever jobs it left: ask for the counts of its id.',
      z.strictObject({
        organizations: z.array(organizationDocument),
        nextCursor: z.string().optional(),
      }),
    ],
  },
  handle: async ({ ops }, _visit, { query }) => {
    const { orgIds, nextCursor } = await ops.tenants(query);
    const counts = await ops.jobs.countByOrg(orgIds);
    const organizations = orgIds.map((orgId, index) => ({ orgId, ...counts[index] }));
    return { status: 200, body: { organizations, nextCursor } };
  },
});
