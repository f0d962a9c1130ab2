import { z } from 'zod';
import { NAMED } from './documents.ts';
import { problemDocument } from './problem.ts';
import type { Route } from './route.ts';
import { ROUTES } from './routes.ts';
import { OPS_NAMED } from './routes/ops/job-documents.ts';
import { OPERATION_NAMED } from './routes/ops/operation-documents.ts';

type Json = Readonly<Record<string, unknown>>;

const SCHEMAS = '#/components/schemas';

const REFUSALS: Readonly<Record<number, string>> = {
  400: 'The request is malformed.',
  401: 'There is no token, or none that is valid.',
  403: 'This is not for the caller to do.',
  404: 'There is no such thing, or it is not for the caller to see.',
  405: 'There is no such method here.',
  409: 'It contradicts what is there.',
  413: 'It is too large.',
  415: 'The body is not JSON.',
  422: 'The body is JSON, and does not fit.',
  429: 'Too many calls: `Retry-After` says when to try again.',
  500: 'Something went wrong on our side.',
};

const HEADERS: Readonly<Record<string, { readonly description: string; readonly schema: Json }>> = {
  'X-Correlation-Id': {
    description: 'What ties together all that the request caused; problems call it `requestId`.',
    schema: { type: 'string' },
  },
  ETag: { description: 'For `If-None-Match`.', schema: { type: 'string' } },
  'WWW-Authenticate': { description: 'As RFC 6750 has it.', schema: { type: 'string' } },
  'Retry-After': { description: 'Seconds.', schema: { type: 'integer', minimum: 1 } },
};

const named = z.registry<{ id?: string }>();
const schemasByName = { ...NAMED, ...OPS_NAMED, ...OPERATION_NAMED, Problem: problemDocument };
for (const [id, schema] of Object.entries(schemasByName)) {
  named.add(schema, { id });
}

/** The contract of the API, OpenAPI 3.1, made of its routes. */
export function openApiDocument(): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Firestore Outbox',
      version: '1',
      description:
        'Records events of other systems, answers what has happened, and is operated by.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ idToken: [] }],
    paths: Object.fromEntries(pathItems()),
    components: {
      securitySchemes: {
        idToken: { type: 'http', scheme: 'bearer', description: 'An ID token of Firebase Auth.' },
      },
      headers: HEADERS,
      schemas: namedSchemas(),
    },
  };
}

function pathItems(): Map<string, Json> {
  const items = new Map<string, Json>();
  for (const route of ROUTES) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    items.set(path, { ...items.get(path), [route.method.toLowerCase()]: operationOf(route) });
  }
  return items;
}

function operationOf(route: Route): Json {
  const { operationId, summary, allow, body } = route;
  return {
    operationId,
    summary,
    description: `For: ${allow.join(', ')}.`,
    parameters: parametersOf(route),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, ...contentOf(toSchema(body.schema, 'input')) } }),
    responses: responsesOf(route),
  };
}

function parametersOf({ params, query, hasEtag, scope, takesKey }: Route): Json[] {
  const orgId = {
    name: 'X-Org-Id',
    in: 'header',
    description: 'The organization, where the caller belongs to several.',
    schema: { type: 'string' },
  };
  const key = {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'The same key and body again change nothing.',
    schema: { type: 'string', minLength: 1, maxLength: 200 },
  };
  const etag = {
    name: 'If-None-Match',
    in: 'header',
    description: 'The ETag of an answer that the caller has: 304 where it is still the same.',
    schema: { type: 'string' },
  };
  return [
    ...fieldsOf(params, 'path'),
    ...fieldsOf(query, 'query'),
    ...(scope === 'platform' ? [] : [orgId]),
    ...(takesKey === true ? [key] : []),
    ...(hasEtag === true ? [etag] : []),
  ];
}

function fieldsOf(schema: z.ZodObject, place: 'path' | 'query'): Json[] {
  const { properties = {}, required = [] } = toSchema(schema, 'input') as {
    readonly properties?: Json;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, field]) => ({
    name,
    in: place,
    ...(required.includes(name) ? { required: true } : {}),
    schema: field,
  }));
}

function responsesOf({ answers, refusals, hasEtag, mediaType }: Route): Json {
  const etag = hasEtag === true ? ['ETag'] : [];
  const done = Object.entries(answers).map(([status, [description, schema]]) => [
    status,
    { description, ...headersOf(etag), ...contentOf(toSchema(schema, 'output'), mediaType) },
  ]);
  const problem = { $ref: `${SCHEMAS}/Problem` };
  const refused = [400, 401, 403, ...refusals, 429, 500].map((status) => [
    String(status),
    {
      description: REFUSALS[status],
      ...headersOf(REFUSED_WITH[status] ?? []),
      content: { 'application/problem+json': { schema: problem } },
    },
  ]);
  const same = { description: 'As `If-None-Match` has it.', ...headersOf(etag) };
  const unchanged = hasEtag === true ? [['304', same]] : [];
  return Object.fromEntries([...done, ...unchanged, ...refused]) as Json;
}

const REFUSED_WITH: Readonly<Record<number, readonly string[]>> = {
  401: ['WWW-Authenticate'],
  429: ['Retry-After'],
};

function headersOf(names: readonly string[]): { readonly headers: Json } {
  const all = ['X-Correlation-Id', ...names];
  return {
    headers: Object.fromEntries(
      all.map((name) => [name, { $ref: `#/components/headers/${name}` }]),
    ),
  };
}

function contentOf(schema: Json, mediaType = 'application/json'): Json {
  return { content: { [mediaType]: { schema } } };
}

/** A schema that stands where it is used; those with a name are referred to. */
function toSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const name = named.get(schema)?.id;
  if (name !== undefined) return { $ref: `${SCHEMAS}/${name}` };
  return withReferences(withoutNames(z.toJSONSchema(schema, { io, metadata: named }))) as Json;
}

function namedSchemas(): Json {
  const { schemas } = z.toJSONSchema(named as never, {
    io: 'output',
    uri: (id: string) => `${SCHEMAS}/${id}`,
  }) as unknown as { readonly schemas: Readonly<Record<string, Json>> };
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, withoutNames(schema)]),
  );
}

/** What a schema has that stands alone. */
function withoutNames(schema: Json): Json {
  const { $schema: _, $id: __, $defs: ___, ...rest } = schema;
  return rest;
}

/** `#/$defs/Event` is where one schema alone would have it. */
function withReferences(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll('#/$defs', SCHEMAS));
}
