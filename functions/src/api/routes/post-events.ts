import { z } from 'zod';
import { isCustomType, matches } from '#events';
import type { Problem } from '#kernel';
import { CodedError } from '#kernel';
import type { ApiDeps } from '../ports.ts';
import type { Visit } from '../route.ts';
import { defineRoute } from '../route.ts';
import type { EventBody, EventsBody } from './event-body.ts';
import { eventBody, eventsBody, keyOfPart, schemaForBody, toEventInput } from './event-body.ts';

/** What became of each event. */
const resultsDocument = z.strictObject({
  results: z.array(
    z.strictObject({ eventId: z.string(), jobIds: z.array(z.string()), duplicate: z.boolean() }),
  ),
});

export const postEvents = defineRoute({
  method: 'POST',
  path: '/v1/events',
  operationId: 'postEvents',
  summary: 'Records one event, or up to 100 of them, all or none.',
  allow: ['producer'],
  params: z.strictObject({}),
  query: z.strictObject({}),
  body: {
    schema: z.union([eventBody, eventsBody]),
    schemaFor: schemaForBody,
    code: 'invalid-event',
  },
  refusals: [409, 413, 415, 422],
  answers: {
    200: ['All of them were there already.', resultsDocument],
    201: ['They are recorded.', resultsDocument],
  },
  handle: async (api, visit, { body, idempotencyKey }) => {
    const results = await emitAll(api, visit, body, idempotencyKey);
    const isNew = results.some(({ duplicate }) => !duplicate);
    return { status: isNew ? 201 : 200, body: { results } };
  },
});

async function emitAll(
  api: ApiDeps,
  visit: Visit,
  body: EventBody | EventsBody,
  key: string | undefined,
): ReturnType<ApiDeps['emitBatch']> {
  if (!('events' in body)) {
    refuseOthersTypes(api, visit, [['eventType', body.eventType]]);
    return [await api.emit(toEventInput(body, visit, key))];
  }
  const types = body.events.map(
    (event, index) => [`events[${index}].eventType`, event.eventType] as const,
  );
  refuseOthersTypes(api, visit, types);
  return api.emitBatch(
    body.events.map((event, index) => toEventInput(event, visit, keyOfPart(key, index))),
  );
}

/** Throws `permission-denied` with the path of each type that is not this producer's to record. */
function refuseOthersTypes(
  api: Pick<ApiDeps, 'catalog'>,
  { caller }: Visit,
  types: readonly (readonly [path: string, eventType: string])[],
): void {
  const patterns = caller.producer?.types ?? [];
  const problems = types.flatMap(([path, said]): Problem[] => {
    const definition = api.catalog.get(said);
    const type = definition?.type ?? said;
    if (!isCustomType(type) && definition !== undefined && definition.external !== true) {
      return [{ path, message: 'only this backend records events of this type' }];
    }
    if (patterns.some((pattern) => matches(pattern, type))) return [];
    return [{ path, message: 'not among the types of this producer' }];
  });
  if (problems.length === 0) return;
  throw new CodedError('permission-denied', 'The events are not yours to record', problems);
}
