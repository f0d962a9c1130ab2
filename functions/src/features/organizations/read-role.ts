import type { DocumentReader, Role } from '#kernel';
import { memberOf } from './access.ts';
import { memberPath } from './paths.ts';

/** Somebody's role in an organization, outside a transaction; undefined for whoever does not belong to it. */
export async function readRole(
  reader: Pick<DocumentReader, 'get'>,
  orgId: string,
  uid: string,
): Promise<Role | undefined> {
  return memberOf(uid, (await reader.get(memberPath(orgId, uid))).data)?.role;
}
