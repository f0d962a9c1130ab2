import { z } from 'zod';
import type { ArchiveDeps, Projection, Projections } from '#events';
import { missingInRebuild } from '#events';
import type { EventQueries } from '#events/firestore';
import { CodedError, isEntityId } from '#kernel';
import type { OperationKind } from '../operation-kind.ts';
import { estimateEvents } from './event-filter.ts';

interface Params {
  readonly projection: string;
  readonly orgId: string;
}

/** Said by the first step, which only has a new generation begun. */
const BEGUN = 'begun';

/**
 * Makes a tenant’s read model anew, beside the live one, and switches. Its rows are events that are replayed, then old
 * documents that are deleted. A page of them commits by itself, and a step that is made again goes on behind it; so
 * rows are counted that were seen to be done.
 */
export function rebuild(deps: {
  readonly projections: Pick<Projections, 'startRebuild' | 'rebuildStep'>;
  /** Those that there are. */
  readonly all: readonly Projection[];
  readonly archives: Pick<ArchiveDeps['source'], 'state'>;
  readonly events: Pick<EventQueries, 'list' | 'count'>;
}): OperationKind<Params> {
  const byId = new Map(deps.all.map((projection) => [projection.id, projection]));
  const names = [...byId.keys()].join(', ');
  return {
    kind: 'rebuild',
    params: z.strictObject({
      projection: z.string().refine((id) => byId.has(id), `expected one of ${names}`),
      orgId: z.string().refine(isEntityId, 'expected an organization’s id'),
    }),
    changesAsItLooks: true,
    estimate: async ({ orgId }) => {
      const archived = (await deps.archives.state(orgId)).state?.events ?? 0;
      if (archived > 0) throw missingInRebuild(archived);
      return estimateEvents(deps.events, { orgId });
    },
    step: async ({ params: { projection: id, orgId }, cursor, limit }) => {
      const projection = byId.get(id);
      if (projection === undefined) throw new Error(`${id} was checked, and is none.`);
      if (cursor === undefined) {
        await deps.projections.startRebuild(projection, orgId);
        return { seen: 0, done: 0, reads: 1, written: 1, cursor: BEGUN };
      }
      const step = await deps.projections.rebuildStep(projection, orgId, limit);
      if (step.kind === 'idle') return { seen: 0, done: 0, reads: 1, cursor: undefined };
      // Tried again a little later.
      if (step.kind === 'overtaken')
        throw new CodedError('contention', `Others were quicker at rebuilding ${id}.`);
      const { rows, reads, writes } = step;
      return { seen: rows, done: rows, reads, written: writes, cursor };
    },
  };
}
