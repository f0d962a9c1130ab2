import type { DocumentReader } from '#kernel';
import { decodeReadModel } from './apply-event.ts';
import { decodeGenerations, statePath } from './generations.ts';
import type { Projection } from './projection.ts';
import { documentPath } from './projection.ts';

/**
 * The state of a read model's document in the live generation; undefined where there is none. Never a
 * hole: where another generation became the live one meanwhile, it is that one that is read.
 */
export async function readProjection<State>(
  reader: Pick<DocumentReader, 'get'>,
  { id, collection }: Projection<State>,
  { orgId, key }: { readonly orgId: string; readonly key: string },
): Promise<State | undefined> {
  let generation = await liveGeneration(reader, id, orgId);
  for (;;) {
    const { data } = await reader.get(documentPath({ collection }, { orgId, generation, key }));
    if (data !== undefined) return decodeReadModel(data).state as State;
    const now = await liveGeneration(reader, id, orgId);
    if (now === generation) return undefined;
    generation = now;
  }
}

async function liveGeneration(
  reader: Pick<DocumentReader, 'get'>,
  projectionId: string,
  orgId: string,
): Promise<number> {
  return decodeGenerations((await reader.get(statePath(projectionId, orgId))).data).live;
}
