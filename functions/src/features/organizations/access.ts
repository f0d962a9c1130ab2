import type { Access, DocumentData, Member } from '#kernel';
import { CodedError } from '#kernel';
import { memberPath } from './paths.ts';

/** A member document's role; undefined for anything that is not a member. */
function memberOf(uid: string, data: DocumentData | undefined): Member | undefined {
  const role = data?.['role'];
  return role === 'admin' || role === 'member' ? { uid, role } : undefined;
}

/**
 * Who belongs to an organization, by its member documents. A stranger gets the same answer whether or
 * not the organization exists.
 */
export const organizationAccess: Pick<Access, 'requireMember' | 'requireAdmin'> = {
  requireMember: async (tx, orgId, uid) => {
    const member = memberOf(uid, (await tx.get(memberPath(orgId, uid))).data);
    if (member !== undefined) return member;
    throw new CodedError('permission-denied', 'You are not a member of this organization.');
  },
  requireAdmin: async (tx, orgId, uid) => {
    const member = memberOf(uid, (await tx.get(memberPath(orgId, uid))).data);
    if (member?.role === 'admin') return member;
    throw new CodedError('permission-denied', 'Only an admin of this organization may do this.');
  },
};
