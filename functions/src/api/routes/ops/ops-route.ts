import { z } from 'zod';
import type { ApiDeps } from '../../ports.ts';
import type { BodyContract, PlatformVisit, Route } from '../../route.ts';
import { defineRoute } from '../../route.ts';

/** Why a change is made: for whoever reads the audit log. */
export const reason = z
  .string()
  .max(500)
  .regex(/\S/, 'expected a reason, in 1 to 500 characters')
  .refine((text) => text.isWellFormed(), 'text with a lone surrogate cannot be stored');

/** A job's id as it stands in a path: no `/`, and nothing that is no document's name. */
export const jobParams = z.strictObject({
  jobId: z.string().regex(/^(?!\.{1,2}$|__.*__$)[!-.0-~]{1,600}$/, 'expected the id of a job'),
});

export const nothing = z.strictObject({});

/** A route of the platform, for operators: what it handles is in no organization. */
export function defineOpsRoute<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body = undefined,
>(
  route: Omit<Route, 'params' | 'query' | 'body' | 'handle' | 'allow' | 'scope'> & {
    readonly params: Params;
    readonly query: Query;
    readonly body?: BodyContract & { readonly schema: z.ZodType<Body> };
    readonly handle: (
      api: Pick<ApiDeps, 'ops' | 'events'>,
      visit: PlatformVisit,
      input: {
        readonly params: z.output<Params>;
        readonly query: z.output<Query>;
        readonly body: Body;
        readonly idempotencyKey: string | undefined;
      },
    ) => ReturnType<Route['handle']>;
  },
): Route {
  return defineRoute({ ...route, allow: ['operator'], scope: 'platform' });
}
