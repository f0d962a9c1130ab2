import { z } from 'zod';
import { eventPageDocument, showEvent } from '../documents.ts';
import { cursor, id, limit, time, typeName } from '../fields.ts';
import type { ApiDeps } from '../ports.ts';
import type { Visit } from '../route.ts';
import { defineRoute } from '../route.ts';
import type { Entity } from '../visibility.ts';
import { requireMatter, requireMatterOf, seesAll } from '../visibility.ts';

const timelinePageDocument = eventPageDocument.extend({
  /** Said at the end of the log: some of the organization's events are in the archive, where nobody looked. */
  hasArchive: z.literal(true).optional(),
});

export const getTimeline = defineRoute({
  method: 'GET',
  path: '/v1/timelines/:entityType/:entityId',
  operationId: 'getTimeline',
  summary: 'What happened to an entity and to those below it, newest first.',
  allow: ['member', 'admin', 'operator'],
  params: z.strictObject({ entityType: typeName, entityId: id }),
  query: z.strictObject({
    matterId: id.optional(),
    from: time.optional(),
    to: time.optional(),
    /** From the archive, in place of the log. */
    archived: z.enum(['true']).optional(),
    limit,
    cursor: cursor.optional(),
  }),
  refusals: [404],
  answers: { 200: ['A page of the timeline.', timelinePageDocument] },
  handle: async (api, visit, { params, query: { archived, ...query } }) => {
    const { orgId } = visit;
    const matterId = await matterFor(api, visit, params, query.matterId);
    const related = `${params.entityType}:${params.entityId}`;
    const asked = { ...query, orgId, related, matterId };
    const isArchived = archived === 'true';
    const page = await (isArchived ? api.archives.list(asked) : api.events.list(asked));
    const { nextCursor } = page;
    const events = page.events.map((event) => showEvent(event, visit));
    const isEnd = nextCursor === undefined && !isArchived;
    const hasArchive = isEnd && (await api.archives.count(orgId)) > 0;
    return { status: 200, body: { events, nextCursor, ...(hasArchive ? { hasArchive } : {}) } };
  },
});

/**
 * The matter that a member's timeline is of, so that no page has to leave anything out: the one they name,
 * the entity where it is one, else the one that the entity is in. Undefined for who sees everything.
 */
async function matterFor(
  api: ApiDeps,
  visit: Visit,
  entity: Entity,
  named: string | undefined,
): Promise<string | undefined> {
  if (seesAll(visit)) return named;
  const stated = named ?? (entity.entityType === 'matter' ? entity.entityId : undefined);
  if (stated === undefined) return requireMatterOf(api, visit, entity);
  await requireMatter(api, visit, stated);
  return stated;
}
