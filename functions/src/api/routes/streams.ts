import { z } from 'zod';
import type { StreamEvent } from '#events';
import { eventDocument, showEvent } from '../documents.ts';
import { id, limit, typeName, wholeNumber } from '../fields.ts';
import { defineRoute } from '../route.ts';
import { notFound, requireAllVisible, requireEntity } from '../visibility.ts';

const LAST_VERSION = 999_999_999;

export const getStream = defineRoute({
  method: 'GET',
  path: '/v1/streams/:entityType/:entityId',
  operationId: 'getStream',
  summary: 'The events of an entity in the order of their versions.',
  allow: ['member', 'admin', 'operator'],
  params: z.strictObject({ entityType: typeName, entityId: id }),
  query: z.strictObject({
    fromVersion: wholeNumber(1, LAST_VERSION).default(1),
    limit,
  }),
  refusals: [404, 409],
  answers: {
    200: [
      'A part of the stream; `nextFromVersion` is where it goes on.',
      z.strictObject({ events: z.array(eventDocument), nextFromVersion: z.int().optional() }),
    ],
  },
  handle: async (api, visit, { params, query }) => {
    const newest = await requireEntity(api, visit, params);
    if (newest.streamVersion === undefined) throw notFound('stream');
    const { fromVersion } = query;
    const end = fromVersion + query.limit;
    const stream = { ...params, orgId: visit.orgId, headPath: api.headPathOf(newest) };
    const toVersion = Math.min(end - 1, LAST_VERSION);
    const events: StreamEvent[] = [];
    for await (const event of api.streams.loadStream(stream, { fromVersion, toVersion })) {
      events.push(event);
    }
    await requireAllVisible(api, visit, events);
    const body = events.map(({ recordedAtMs, ...event }) =>
      showEvent({ ...event, recordedAt: new Date(recordedAtMs) }, visit),
    );
    const isFull = events.length === query.limit;
    return { status: 200, body: { events: body, ...(isFull ? { nextFromVersion: end } : {}) } };
  },
});
