import { z } from 'zod';
import type { CommandContext } from '#events';
import { commandsFor, entityId } from '#events';
import type { Member } from '#kernel';
import { CodedError } from '#kernel';
import { memberOf } from './access.ts';
import type { OrganizationEvent } from './events.ts';
import { memberPath } from './paths.ts';

const defineCommand = commandsFor<OrganizationEvent>();

/** An admin makes a member an admin, or an admin a member; there is always an admin left. */
export const changeMemberRole = defineCommand({
  name: 'changeMemberRole',
  input: z.strictObject({ orgId: entityId, uid: entityId, role: z.enum(['admin', 'member']) }),
  run: async (context, { orgId, uid, role }) => {
    const { tx, access, caller, emit } = context;
    await access.requireAdmin(tx, orgId, caller.uid);
    const { role: previousRole } = await requireTheirs(context, orgId, uid);
    if (role === previousRole) {
      throw new CodedError('failed-precondition', `The role of this person is ${role} already.`);
    }
    if (previousRole === 'admin') await access.requireAnotherAdmin(tx, orgId, uid);
    tx.update(memberPath(orgId, uid), { role });
    await emit({
      orgId,
      eventType: 'user.role_changed',
      entityType: 'user',
      entityId: uid,
      payload: { role, previousRole },
    });
    return { uid, role };
  },
});

/**
 * Somebody leaves, or is taken out by an admin. From that commit on they have access to nothing of the
 * organization, its matters among it; there is always an admin left.
 */
export const removeMember = defineCommand({
  name: 'removeMember',
  input: z.strictObject({ orgId: entityId, uid: entityId }),
  run: async (context, { orgId, uid }) => {
    const { tx, access, caller, emit } = context;
    if (uid === caller.uid) await access.requireMember(tx, orgId, uid);
    else await access.requireAdmin(tx, orgId, caller.uid);
    const { role } = await requireTheirs(context, orgId, uid);
    if (role === 'admin') await access.requireAnotherAdmin(tx, orgId, uid);
    tx.delete(memberPath(orgId, uid));
    await emit({
      orgId,
      eventType: 'user.left',
      entityType: 'user',
      entityId: uid,
      payload: { role },
    });
    return { uid };
  },
});

/** Somebody else's membership; throws `not-found` where they have none. */
async function requireTheirs(
  { tx }: CommandContext<OrganizationEvent>,
  orgId: string,
  uid: string,
): Promise<Member> {
  const member = memberOf(uid, (await tx.get(memberPath(orgId, uid))).data);
  if (member !== undefined) return member;
  throw new CodedError('not-found', 'This person is not a member of this organization.');
}
