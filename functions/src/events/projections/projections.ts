import type { CatchUp, CatchUpFrom } from '../log/subscribe-from.ts';
import { subscribeFrom } from '../log/subscribe-from.ts';
import type { Projection } from './projection.ts';
import { readProjection } from './read-model.ts';
import type { ReadModelKey } from './read-model-key.ts';
import { checkedOrg } from './read-model-key.ts';
import type { RebuildDeps, RebuildStep } from './rebuild.ts';
import { abandonRebuild, rebuildProjection, rebuildStep, startRebuild } from './rebuild.ts';
import type { StatusFacts, ProjectionStatus } from './status.ts';
import { summarize } from './status.ts';

/** Read models, and what is done with them besides keeping them up to date; each tenant's by itself. */
export interface Projections {
  /** A document's state, undefined where there is none. Two reads. Throws `invalid-input` for no org or key. */
  readonly read: <State>(
    projection: Projection<State>,
    which: ReadModelKey,
  ) => Promise<State | undefined>;
  /** How it is doing: from what is stored anyway, about 250 reads at most. */
  readonly status: (projection: Projection, orgId: string) => Promise<ProjectionStatus>;
  /**
   * Makes it anew from the log, beside the live generation and while events keep arriving, then lets it
   * take its place. Takes as long as there are events; what was interrupted is gone on with. Throws `contention`
   * where others keep being quicker, `archived` where events are in the archive only, and with the event's name what
   * the projection cannot take. Not promised: what has left the log otherwise. Documents that were made of it alone are gone with the old generation.
   */
  readonly rebuild: (projection: Projection, orgId: string) => Promise<void>;
  /** The same in steps, for whoever has little time: start it, then step until it is `idle`; of at most `mostRows` each. */
  readonly startRebuild: (projection: Projection, orgId: string) => Promise<string>;
  readonly rebuildStep: (
    projection: Projection,
    orgId: string,
    mostRows?: number,
  ) => Promise<RebuildStep>;
  /** Gives a rebuild up; the live generation stays what it is. Steps delete what there was of it. */
  readonly abandonRebuild: (projection: Projection, orgId: string) => Promise<void>;
  /** A tenant's log from a checkpoint up to five minutes ago; see `subscribeFrom`. */
  readonly subscribeFrom: (from: CatchUpFrom) => AsyncGenerator<CatchUp, void>;
}

/** What they work with: a database, and what it knows of a read model. */
export interface ProjectionsDeps extends RebuildDeps {
  readonly readFacts: (projection: Projection, orgId: string) => Promise<StatusFacts>;
}

/** Binds read models to a database. */
export function createProjections(deps: ProjectionsDeps): Projections {
  return {
    read: (projection, which) => readProjection(deps.reader, projection, which),
    status: async (projection, orgId) => {
      const facts = await deps.readFacts(projection, checkedOrg(orgId));
      return summarize({ id: projection.id, orgId }, facts);
    },
    rebuild: async (projection, orgId) => rebuildProjection(deps, projection, checkedOrg(orgId)),
    startRebuild: async (projection, orgId) => startRebuild(deps, projection, checkedOrg(orgId)),
    rebuildStep: async (projection, orgId, mostRows) =>
      rebuildStep(deps, projection, checkedOrg(orgId), mostRows),
    abandonRebuild: async (projection, orgId) =>
      abandonRebuild(deps, projection, checkedOrg(orgId)),
    subscribeFrom: (from) => subscribeFrom(deps.readPage, from),
  };
}
