import type { Access } from '#kernel';
import { CodedError } from '#kernel';
import { matterOf, matterPath } from './matter.ts';

/** Who may touch a matter: its members and its organization's admins. */
export function createMatterAccess(
  organization: Pick<Access, 'requireMember'>,
): Pick<Access, 'requireMatter'> {
  return {
    requireMatter: async (tx, { orgId, matterId }, uid) => {
      const member = await organization.requireMember(tx, orgId, uid);
      const matter = matterOf((await tx.get(matterPath(matterId))).data, orgId);
      const mayTouch = member.role === 'admin' || matter?.memberUids.includes(uid) === true;
      if (!mayTouch) {
        throw new CodedError('permission-denied', 'You are not a member of this matter.');
      }
      if (matter === undefined) throw new CodedError('not-found', 'There is no such matter.');
      return member;
    },
  };
}
