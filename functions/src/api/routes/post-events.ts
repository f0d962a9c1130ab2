import { z } from 'zod';
import { isCustomType, matches } from '#events';
import type { Problem } from '#kernel';
import { CodedError } from '#kernel';
import type { ApiDeps } from '../ports.ts';
import type { Visit } from '../route.ts';
import { defineRoute } from '../route.ts';
import type { EventBody, EventsBody } from './event-body.ts';
import { eventBody, eventsBody, partOfRequest, schemaForBody, toEventInput } from './event-body.ts';

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
  takesKey: true,
  refusals: [409, 413, 415, 422],
  answers: {
    200: ['All of them were there already.', resultsDocument],
    201: ['They are recorded.', resultsDocument],
  },
  handle: async (api, visit, { body, ...keys }) => {
    const results = await emitAll(api, visit, body, keys);
    const isNew = results.some(({ duplicate }) => !duplicate);
    return { status: isNew ? 201 : 200, body: { results } };
  },
});

async function emitAll(
  api: ApiDeps,
  visit: Visit,
  body: EventBody | EventsBody,
  keys: Parameters<typeof partOfRequest>[0],
): ReturnType<ApiDeps['emitBatch']> {
  const isList = 'events' in body;
  const events = isList ? body.events : [body];
  const places = events.map((event, index) => ({ event, at: isList ? `events[${index}].` : '' }));
  if (keys.idempotencyKey !== undefined) refuseOwnKeys(places);
  refuseOthersTypes(api, visit, places);
  const inputs = events.map((event, index) =>
    toEventInput(event, visit, partOfRequest(keys, index)),
  );
  const [only] = inputs;
  // One alone has problems without an index.
  return isList || only === undefined ? api.emitBatch(inputs) : [await api.emit(only)];
}

/** An event and where it stands in its request. */
interface Place {
  readonly event: EventBody;
  readonly at: string;
}

/** Throws `invalid-input` where events have keys besides that of their request. */
function refuseOwnKeys(places: readonly Place[]): void {
  const problems = places
    .filter(({ event }) => event.idempotencyKey !== undefined)
    .map(({ at }): Problem => {
      const message = 'the header Idempotency-Key is for the whole request: say one of them';
      return { path: `${at}idempotencyKey`, message };
    });
  if (problems.length === 0) return;
  throw new CodedError('invalid-input', 'The request cannot be carried out', problems);
}

/** Throws `permission-denied` with the path of each type that is not this producer's to record. */
function refuseOthersTypes(
  api: Pick<ApiDeps, 'catalog'>,
  { caller }: Visit,
  places: readonly Place[],
): void {
  const patterns = caller.producer?.types ?? [];
  const problems = places.flatMap(({ event: { eventType }, at }): Problem[] => {
    const path = `${at}eventType`;
    const definition = api.catalog.get(eventType);
    const type = definition?.type ?? eventType;
    if (!isCustomType(type) && definition !== undefined && definition.external !== true) {
      return [{ path, message: 'only this backend records events of this type' }];
    }
    if (patterns.some((pattern) => matches(pattern, type))) return [];
    return [{ path, message: 'not among the types of this producer' }];
  });
  if (problems.length === 0) return;
  throw new CodedError('permission-denied', 'The events are not yours to record', problems);
}
