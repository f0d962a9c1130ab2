import { z } from 'zod';
import { commandsFor, entityId } from '#events';
import { CodedError, SERVER_TIME } from '#kernel';
import type { MatterEvent } from './events.ts';
import { matterPath, requireMatterDocument } from './matter.ts';

const defineCommand = commandsFor<MatterEvent>();
/** Who may see a matter is one list on its document, so that rules need no second read. */
const MAX_MEMBERS = 100;
const matterTitle = z.string().trim().min(1).max(500);

/** Opens a matter; the caller is in it. */
export const createMatter = defineCommand({
  name: 'createMatter',
  input: z.strictObject({
    orgId: entityId,
    title: matterTitle,
    memberUids: z
      .array(entityId)
      .max(MAX_MEMBERS - 1)
      .optional(),
  }),
  run: async ({ tx, access, caller, newId, emit }, { orgId, title, memberUids = [] }) => {
    await access.requireMember(tx, orgId, caller.uid);
    const uids = [...new Set([caller.uid, ...memberUids])];
    const checks = uids.map((uid) => access.requireMember(tx, orgId, uid).catch(notAMember(uid)));
    await Promise.all(checks);
    const matterId = newId('matter');
    tx.create(matterPath(matterId), {
      orgId,
      matterId,
      title,
      memberUids: uids,
      createdBy: caller.uid,
      createdAt: SERVER_TIME,
      updatedAt: SERVER_TIME,
    });
    await emit({
      orgId,
      eventType: 'matter.created',
      entityType: 'matter',
      entityId: matterId,
      matterId,
      payload: {
        title,
        memberUids: uids,
      },
      stream: {
        expectedVersion: 0,
        headPath: matterPath(matterId),
      },
    });
    return { matterId, version: 1 };
  },
});

/** Somebody who is in the matter gives it another title. */
export const updateMatter = defineCommand({
  name: 'updateMatter',
  input: z.strictObject({
    orgId: entityId,
    matterId: entityId,
    title: matterTitle,
    /** The version the caller has seen; where given, a change made meanwhile is a conflict. */
    expectedVersion: z.int().min(1).optional(),
  }),
  run: async ({ tx, access, caller, emit }, input) => {
    const { orgId, matterId } = input;
    await access.requireMatter(tx, { orgId, matterId }, caller.uid);
    const { version } = requireMatterDocument((await tx.get(matterPath(matterId))).data, orgId);
    tx.update(matterPath(matterId), { title: input.title, updatedAt: SERVER_TIME });
    await emit({
      orgId,
      eventType: 'matter.updated',
      entityType: 'matter',
      entityId: matterId,
      matterId,
      payload: { title: input.title },
      stream: {
        expectedVersion: input.expectedVersion ?? version,
        headPath: matterPath(matterId),
      },
    });
    return { matterId, version: version + 1 };
  },
});

/** Somebody who is in the matter takes another member of the organization in. */
export const addMatterMember = defineCommand({
  name: 'addMatterMember',
  input: z.strictObject({ orgId: entityId, matterId: entityId, uid: entityId }),
  run: async ({ tx, access, caller, emit }, { orgId, matterId, uid }) => {
    await access.requireMatter(tx, { orgId, matterId }, caller.uid);
    await access.requireMember(tx, orgId, uid).catch(notAMember(uid));
    const matter = requireMatterDocument((await tx.get(matterPath(matterId))).data, orgId);
    if (matter.memberUids.includes(uid)) {
      throw new CodedError('already-exists', 'This person is in the matter already.');
    }
    if (matter.memberUids.length >= MAX_MEMBERS) {
      throw new CodedError('failed-precondition', `A matter has at most ${MAX_MEMBERS} members.`);
    }
    tx.update(matterPath(matterId), {
      memberUids: [...matter.memberUids, uid],
      updatedAt: SERVER_TIME,
    });
    await emit({
      orgId,
      eventType: 'matter.updated',
      entityType: 'matter',
      entityId: matterId,
      matterId,
      payload: { addedMemberUid: uid },
      stream: {
        expectedVersion: matter.version,
        headPath: matterPath(matterId),
      },
    });
    return { matterId, version: matter.version + 1 };
  },
});

function notAMember(uid: string) {
  return (error: unknown): never => {
    if (!(error instanceof CodedError)) throw error;
    throw new CodedError('failed-precondition', `${uid} is not a member of this organization.`);
  };
}
