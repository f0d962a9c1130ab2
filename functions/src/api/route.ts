import type { z } from 'zod';
import type { Caller, RequestFacts, Role } from './caller.ts';
import type { ApiDeps } from './ports.ts';

/** A call that may be answered: who, as what. */
export interface PlatformVisit extends RequestFacts {
  readonly caller: Caller;
  readonly role: Role;
  readonly userAgent: string | undefined;
}

/** The same in an organization. */
export interface Visit extends PlatformVisit {
  readonly orgId: string;
}

/** What a route answers; `undefined` fields of the body are left out. */
export interface Answer {
  readonly status: 200 | 201;
  readonly body: unknown;
}

/** A body that a route takes. */
export interface BodyContract {
  /** What the contract says. */
  readonly schema: z.ZodType;
  /** What a value is held to, where that depends on it; default `schema`. A union cannot name places. */
  readonly schemaFor?: (value: unknown) => z.ZodType;
  /** What a value is refused with that does not fit. */
  readonly code: 'invalid-input' | 'invalid-event' | 'invalid-schema';
}

/** One operation of the API: the source of its validation, its types, its documentation and its tests. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** As Hono has it: `/v1/events/:eventId`. */
  readonly path: `/v1/${string}` | '/metrics';
  readonly operationId: string;
  readonly summary: string;
  /** Whoever is none of these in the organization is refused, before anything of it is read. */
  readonly allow: readonly Role[];
  /** Of the whole platform, for its operators, and in no organization. Default: in one. */
  readonly scope?: 'platform';
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  readonly body?: BodyContract;
  /** Besides those that every route has: 401, 403, 429, and 400 where something can be malformed. */
  readonly refusals: readonly number[];
  /** What answers are, whose body is a text then. Default: JSON. */
  readonly mediaType?: 'text/plain';
  readonly answers: Readonly<Partial<Record<Answer['status'], readonly [string, z.ZodType]>>>;
  /** Whether it reads the header `Idempotency-Key`. */
  readonly takesKey?: true;
  /** Whether an unchanged answer need not be sent again: it has an ETag. */
  readonly hasEtag?: true;
  readonly handle: (
    api: ApiDeps,
    visit: PlatformVisit & Partial<Visit>,
    input: RouteInput,
  ) => Promise<Answer>;
}

/** What a request says, checked. */
interface RouteInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  /** Of the header `Idempotency-Key`, where the route takes one. */
  readonly idempotencyKey: string | undefined;
  /** SHA-256 of the body as it came, where there is a key: the same key is for the same bytes. */
  readonly bodyHash?: string | undefined;
}

/** Declares a route; what it handles is typed by its schemas. */
export function defineRoute<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body = undefined,
>(
  route: Omit<Route, 'params' | 'query' | 'body' | 'handle'> & {
    readonly params: Params;
    readonly query: Query;
    readonly body?: BodyContract & { readonly schema: z.ZodType<Body> };
    readonly handle: (
      api: ApiDeps,
      visit: Visit,
      input: {
        readonly params: z.output<Params>;
        readonly query: z.output<Query>;
        readonly body: Body;
        readonly idempotencyKey: string | undefined;
        readonly bodyHash?: string | undefined;
      },
    ) => Promise<Answer>;
  },
): Route {
  return route as unknown as Route;
}
