import type { DocumentReader } from '#kernel';
import { decodeReadModel } from './apply-event.ts';
import { decodeGenerations, statePath } from './generations.ts';
import type { Projection } from './projection.ts';
import { documentPath } from './projection.ts';
import type { ReadModelKey } from './read-model-key.ts';
import { checkedKey } from './read-model-key.ts';

/**
 * The state of a read model's document in the live generation; undefined where there is none. Never a
 * hole: where another generation became the live one meanwhile, it is that one that is read.
 * Throws `invalid-input` for what is no organization or no key.
 */
export async function readProjection<State>(
  reader: Pick<DocumentReader, 'get'>,
  { id, collection }: Projection<State>,
  which: ReadModelKey,
): Promise<State | undefined> {
  const { orgId, key } = checkedKey(which);
  let generation = await liveGeneration(reader, id, orgId);
  while (generation !== undefined) {
    const { data } = await reader.get(documentPath({ collection }, { orgId, generation, key }));
    if (data !== undefined) return decodeReadModel(data).state as State;
    const now = await liveGeneration(reader, id, orgId);
    if (now === generation) return undefined;
    generation = now;
  }
  return undefined;
}

async function liveGeneration(
  reader: Pick<DocumentReader, 'get'>,
  projectionId: string,
  orgId: string,
): Promise<string | undefined> {
  return decodeGenerations((await reader.get(statePath(projectionId, orgId))).data)?.live;
}
