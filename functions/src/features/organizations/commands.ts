import { z } from 'zod';
import { commandsFor, entityId } from '#events';
import type { CommandContext } from '#events';
import { CodedError, SERVER_TIME } from '#kernel';
import type { Role } from '#kernel';
import type { OrganizationEvent } from './events.ts';
import { memberPath, organizationPath } from './paths.ts';

const defineCommand = commandsFor<OrganizationEvent>();
const name = z.string().trim().min(1).max(200);
const email = z.email().max(320);

/** Founds an organization; the caller is its first admin. */
export const createOrganization = defineCommand({
  name: 'createOrganization',
  input: z.strictObject({ name, email, displayName: name }),
  run: async (context, input) => {
    const orgId = context.newId('organization');
    context.tx.create(organizationPath(orgId), {
      orgId,
      name: input.name,
      createdBy: context.caller.uid,
      createdAt: SERVER_TIME,
    });
    const { uid } = context.caller;
    await join(context, orgId, { ...input, uid, role: 'admin' });
    return { orgId };
  },
});

/** An admin takes somebody in. */
export const addMember = defineCommand({
  name: 'addMember',
  input: z.strictObject({
    orgId: entityId,
    uid: entityId,
    email,
    displayName: name,
    role: z.enum(['admin', 'member']),
  }),
  run: async (context, input) => {
    const { tx, access, caller } = context;
    await access.requireAdmin(tx, input.orgId, caller.uid);
    const existing = await tx.get(memberPath(input.orgId, input.uid));
    if (existing.data !== undefined) {
      throw new CodedError('already-exists', 'This person is a member already.');
    }
    await join(context, input.orgId, input);
    return { uid: input.uid };
  },
});

interface Joining {
  readonly uid: string;
  readonly email: string;
  readonly displayName: string;
  readonly role: Role;
}

async function join(
  { tx, emit }: CommandContext<OrganizationEvent>,
  orgId: string,
  { uid, email: address, displayName, role }: Joining,
): Promise<void> {
  tx.create(memberPath(orgId, uid), {
    orgId,
    uid,
    role,
    displayName,
    email: address,
    createdAt: SERVER_TIME,
  });
  await emit({
    orgId,
    eventType: 'user.joined',
    entityType: 'user',
    entityId: uid,
    payload: {
      displayName,
      role,
    },
  });
}
