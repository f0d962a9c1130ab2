import { z } from 'zod';
import type { EventQuery } from '#events';
import { CodedError } from '#kernel';
import {
  causationDocument,
  eventDocument,
  eventPageDocument,
  jobDocument,
  showCausation,
  showEvent,
  showJob,
} from '../documents.ts';
import { cursor, eventType, id, limit, time, typeName } from '../fields.ts';
import type { ApiDeps } from '../ports.ts';
import type { Visit } from '../route.ts';
import { defineRoute } from '../route.ts';
import { notFound, requireMatter, requireMatterOf, seesAll, visibleOf } from '../visibility.ts';

const eventParams = z.strictObject({ eventId: id });

const listQuery = z
  .strictObject({
    eventType: eventType.optional(),
    entityType: typeName.optional(),
    entityId: id.optional(),
    aggregateType: typeName.optional(),
    aggregateId: id.optional(),
    matterId: id.optional(),
    correlationId: z.string().min(1).max(200).optional(),
    from: time.optional(),
    to: time.optional(),
    order: z.enum(['newest', 'oldest']).optional(),
    limit,
    cursor: cursor.optional(),
  })
  .refine(
    ({ entityType, aggregateType }) => entityType === undefined || aggregateType === undefined,
    {
      path: ['aggregateType'],
      message: 'another name of entityType: say one of them',
    },
  )
  .refine(({ entityId, aggregateId }) => entityId === undefined || aggregateId === undefined, {
    path: ['aggregateId'],
    message: 'another name of entityId: say one of them',
  });

export const listEvents = defineRoute({
  method: 'GET',
  path: '/v1/events',
  operationId: 'listEvents',
  summary: 'Lists events, newest first; a member names a matter or an entity.',
  allow: ['member', 'admin', 'operator'],
  params: z.strictObject({}),
  query: listQuery,
  refusals: [404],
  answers: { 200: ['A page of events.', eventPageDocument] },
  handle: async (api, visit, { query }) => {
    const { aggregateType, aggregateId, ...rest } = query;
    const entityType = rest.entityType ?? aggregateType;
    const entityId = rest.entityId ?? aggregateId;
    const asked = { ...rest, entityType, entityId, orgId: visit.orgId };
    const matterId = await matterFor(api, visit, asked);
    const { events, nextCursor } = await api.events.list({ ...asked, matterId });
    return { status: 200, body: { events: events.map((e) => showEvent(e, visit)), nextCursor } };
  },
});

/**
 * The matter that a list is of. A member asks for what happened in a matter that they may see, or to an entity,
 * and then in the matter that it is in, and nothing wider.
 */
async function matterFor(
  api: ApiDeps,
  visit: Visit,
  { matterId, entityType, entityId }: EventQuery,
): Promise<string | undefined> {
  if (seesAll(visit)) return matterId;
  if (matterId !== undefined) {
    await requireMatter(api, visit, matterId);
    return matterId;
  }
  if (entityType === undefined || entityId === undefined) {
    const message = 'Name a matter (matterId), or an entity (entityType and entityId).';
    throw new CodedError('permission-denied', message);
  }
  return requireMatterOf(api, visit, { entityType, entityId });
}

/** Which events are in the archive, no index says; that some are, a number does. */
async function notInLog(api: ApiDeps, { orgId }: Visit): Promise<CodedError> {
  if ((await api.archives.count(orgId)) === 0) return notFound('event');
  const message = `${notFound('event').message} Or it is in the archive: restore its days.`;
  return new CodedError('not-found', message);
}

export const getEvent = defineRoute({
  method: 'GET',
  path: '/v1/events/:eventId',
  operationId: 'getEvent',
  summary: 'One event.',
  allow: ['member', 'admin', 'operator'],
  params: eventParams,
  query: z.strictObject({}),
  refusals: [404],
  answers: { 200: ['The event.', eventDocument] },
  hasEtag: true,
  handle: async (api, visit, { params: { eventId } }) => {
    const event = await api.events.get({ orgId: visit.orgId, eventId });
    const [visible] = event === undefined ? [] : await visibleOf(api, visit, [event]);
    if (visible === undefined) throw await notInLog(api, visit);
    return { status: 200, body: showEvent(visible, visit) };
  },
});

export const listJobsOfEvent = defineRoute({
  method: 'GET',
  path: '/v1/events/:eventId/jobs',
  operationId: 'listJobsOfEvent',
  summary: 'What became of an event: its jobs, by their ids.',
  allow: ['admin', 'operator'],
  params: eventParams,
  query: z.strictObject({}),
  refusals: [404],
  answers: {
    200: [
      'The first 200 jobs; `truncated` says that there are more.',
      z.strictObject({ jobs: z.array(jobDocument), truncated: z.boolean() }),
    ],
  },
  handle: async (api, { orgId }, { params: { eventId } }) => {
    const event = await api.events.get({ orgId, eventId });
    if (event === undefined) throw notFound('event');
    const { jobs, truncated } = await api.jobs.ofEvent(orgId, eventId);
    return { status: 200, body: { jobs: jobs.map(showJob), truncated } };
  },
});

export const getCausation = defineRoute({
  method: 'GET',
  path: '/v1/events/:eventId/causation',
  operationId: 'getCausation',
  summary: 'What led to an event and what came of it, as far as the caller may see it.',
  allow: ['member', 'admin', 'operator'],
  params: eventParams,
  query: z.strictObject({}),
  refusals: [404],
  answers: { 200: ['The tree.', causationDocument] },
  handle: async (api, visit, { params: { eventId } }) => {
    const tree = await api.events.causation({
      orgId: visit.orgId,
      eventId,
      visible: (events) => visibleOf(api, visit, events),
    });
    if (tree === undefined) throw notFound('event');
    return { status: 200, body: showCausation(tree, visit) };
  },
});
