import { z } from 'zod';
import { isCustomType } from '#events';
import { eventType, timeText, wholeNumber } from '../fields.ts';
import { defineRoute } from '../route.ts';
import { notFound } from '../visibility.ts';

/** Types are no secret: whoever belongs to the organization may know them, and who sends it events. */
const EVERYBODY = ['producer', 'member', 'admin', 'operator'] as const;

const summary = z.strictObject({
  type: z.string(),
  version: z.int(),
  description: z.string(),
  external: z.boolean(),
  custom: z.boolean(),
});

const jsonSchema = z.record(z.string(), z.unknown());

export const listSchemas = defineRoute({
  method: 'GET',
  path: '/v1/schemas',
  operationId: 'listSchemas',
  summary: 'All types of events, the organization’s own among them, each at its newest version.',
  allow: EVERYBODY,
  params: z.strictObject({}),
  query: z.strictObject({}),
  refusals: [],
  answers: { 200: ['The types.', z.strictObject({ schemas: z.array(summary) })] },
  handle: async (api, { orgId }) => {
    const builtIn = api.builtInTypes().map(({ type, version, description, external }) => {
      return { type, version, description, external, custom: false };
    });
    const own = (await api.customTypes.list(orgId)).map((type) => {
      return { ...type, external: true, custom: true };
    });
    return { status: 200, body: { schemas: [...builtIn, ...own] } };
  },
});

export const getSchema = defineRoute({
  method: 'GET',
  path: '/v1/schemas/:type',
  operationId: 'getSchema',
  summary: 'What the payload of a type holds, as a JSON Schema.',
  allow: EVERYBODY,
  params: z.strictObject({ type: eventType }),
  query: z.strictObject({ version: wholeNumber(1, 1_000_000).optional() }),
  refusals: [404],
  answers: {
    200: [
      'The schema.',
      z.strictObject({
        type: z.string(),
        version: z.int(),
        schema: jsonSchema,
        registeredAt: timeText.optional(),
      }),
    ],
  },
  hasEtag: true,
  handle: async (api, { orgId }, { params, query: { version } }) => {
    if (isCustomType(params.type)) {
      const found = await api.customTypes.get(orgId, params.type, version);
      if (found === undefined) throw notFound('type');
      const { type, schema, registeredAt } = found;
      const at = registeredAt.toISOString();
      return { status: 200, body: { type, version: found.version, schema, registeredAt: at } };
    }
    const name = api.catalog.get(params.type)?.type;
    const found = api.builtInTypes().find(({ type }) => type === name);
    if (found === undefined || found.version !== (version ?? found.version)) throw notFound('type');
    const { type, payload } = found;
    return { status: 200, body: { type, version: found.version, schema: payload } };
  },
});

const registration = z.strictObject({
  type: z.string().min(1).max(100),
  description: z.string().min(1).max(500),
  // Registering checks it, and says the place of every problem.
  schema: z.unknown(),
});

export const registerSchema = defineRoute({
  method: 'POST',
  path: '/v1/schemas',
  operationId: 'registerSchema',
  summary: 'Registers a type of the organization’s own, or its next version.',
  allow: ['admin'],
  params: z.strictObject({}),
  query: z.strictObject({}),
  body: { schema: registration, code: 'invalid-schema' },
  refusals: [409, 413, 415, 422],
  answers: {
    201: [
      'It is registered; the same again changes nothing.',
      z.strictObject({ type: z.string(), version: z.int() }),
    ],
  },
  handle: async (api, { orgId, caller }, { body }) => {
    const actor = { actorType: 'user', actorId: caller.uid } as const;
    return { status: 201, body: await api.customTypes.register(orgId, body, actor) };
  },
});
