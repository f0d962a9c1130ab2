import { CodedError, ENTITY_ID_RULE, isEntityId } from '#kernel';

/** Whose, of which read model. */
export interface ReadModelKey {
  readonly orgId: string;
  readonly key: string;
}

/** Ids that documents can have; throws `invalid-input` with the path of each that is none, or is not there. */
export function checkedKey({ orgId, key }: ReadModelKey): ReadModelKey {
  refuse([...problem('orgId', orgId), ...problem('key', key)]);
  return { orgId, key };
}

/** The same of an organization’s id alone. */
export function checkedOrg(orgId: string): string {
  refuse(problem('orgId', orgId));
  return orgId;
}

/** Checked although it is typed: another id than was meant would be asked for in silence. */
function problem(path: string, id: unknown) {
  const isId = typeof id === 'string' && isEntityId(id);
  return isId ? [] : [{ path, message: `expected ${ENTITY_ID_RULE}` }];
}

function refuse(problems: ReturnType<typeof problem>): void {
  if (problems.length === 0) return;
  throw new CodedError('invalid-input', 'There is no such read model', problems);
}
