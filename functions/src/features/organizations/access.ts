import type { Access, DocumentData, DocumentReader, Member } from '#kernel';
import { CodedError } from '#kernel';
import { memberPath, membersPath } from './paths.ts';

/** One is enough; the others are there in case that some step down meanwhile. */
const ADMINS_LOOKED_AT = 10;

/** A member document's role; undefined for anything that is not a member. */
export function memberOf(uid: string, data: DocumentData | undefined): Member | undefined {
  const role = data?.['role'];
  return role === 'admin' || role === 'member' ? { uid, role } : undefined;
}

/**
 * Who belongs to an organization, by its member documents. A stranger gets the same answer whether or
 * not the organization exists.
 */
export function createOrganizationAccess(
  reader: Pick<DocumentReader, 'list'>,
): Pick<Access, 'requireMember' | 'requireAdmin' | 'requireAnotherAdmin'> {
  return {
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
    requireAnotherAdmin: async (tx, orgId, uid) => {
      // Found outside the transaction and looked at again inside: a query would lock all it reads.
      const found = await reader.list(membersPath(orgId), ['role', 'admin'], ADMINS_LOOKED_AT);
      for (const { path } of found.filter((admin) => admin.path !== memberPath(orgId, uid))) {
        if (memberOf(uid, (await tx.get(path)).data)?.role === 'admin') return;
      }
      const message = 'An organization has at least one admin: make somebody else one first.';
      throw new CodedError('failed-precondition', message);
    },
  };
}
