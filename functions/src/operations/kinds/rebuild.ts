import { z } from 'zod';
import type { ArchiveDeps, Projection, Projections } from '#events';
import { missingInRebuild } from '#events';
import { CodedError, isEntityId } from '#kernel';
import type { OperationKind } from '../operation-kind.ts';

interface Params {
  readonly projection: string;
  readonly orgId: string;
}

/** Said by the first step, which only has a new generation begun. */
const BEGUN = 'begun';

/**
 * Makes a tenant’s read model anew, beside the live one, and switches. Its rows are pages: of events that are
 * replayed, then of documents that are deleted. Each commits by itself, and a step that is made again goes on behind
 * it; so pages are counted that were seen to be done.
 */
export function rebuild(deps: {
  readonly projections: Pick<Projections, 'startRebuild' | 'rebuildStep'>;
  /** Those that there are. */
  readonly all: readonly Projection[];
  readonly archives: Pick<ArchiveDeps['source'], 'state'>;
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
      const events = (await deps.archives.state(orgId)).state?.events ?? 0;
      if (events === 0) return undefined;
      throw missingInRebuild(events);
    },
    step: async ({ params: { projection: id, orgId }, cursor }) => {
      const projection = byId.get(id);
      if (projection === undefined) throw new Error(`${id} was checked, and is none.`);
      if (cursor === undefined) {
        await deps.projections.startRebuild(projection, orgId);
        return { seen: 0, done: 0, reads: 1, cursor: BEGUN };
      }
      const step = await deps.projections.rebuildStep(projection, orgId);
      if (step === 'idle') return { seen: 0, done: 0, reads: 1, cursor: undefined };
      if (step !== 'overtaken') return { seen: 1, done: 1, reads: 1, cursor };
      // Tried again a little later.
      throw new CodedError('contention', `Others were quicker at rebuilding ${id}.`);
    },
  };
}
