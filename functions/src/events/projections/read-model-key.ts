import { CodedError, ENTITY_ID_RULE, isEntityId } from '#kernel';

/** Whose, of which read model. */
export interface ReadModelKey {
  readonly orgId: string;
  readonly key: string;
}

/** Ids that documents can have; throws `invalid-input` with the path of each that is none. */
export function checked<Which extends Partial<ReadModelKey>>(which: Which): Which {
  const { orgId = '', key = orgId } = which;
  const problems = [['orgId', orgId] as const, ['key', key] as const]
    .filter(([path, id]) => path in which && !isEntityId(id))
    .map(([path]) => ({ path, message: `expected ${ENTITY_ID_RULE}` }));
  if (problems.length === 0) return which;
  throw new CodedError('invalid-input', 'There is no such read model', problems);
}
