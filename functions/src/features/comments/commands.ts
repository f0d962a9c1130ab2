import { z } from 'zod';
import { commandsFor, entityId } from '#events';
import { DELETE_FIELD, SERVER_TIME } from '#kernel';
import { commentPath, requireAuthor, requireAuthorOrAdmin, requireComment } from './comment.ts';
import type { CommentEvent } from './events.ts';

const defineCommand = commandsFor<CommentEvent>();
const body = z.string().trim().min(1).max(10_000);
const mentions = z.array(entityId).max(50).optional();
const inMatter = { orgId: entityId, matterId: entityId };
/** The version the caller has seen; where given, a change made meanwhile is a conflict. */
const expectedVersion = z.int().min(1).optional();

/** Says something in a matter, to its members. */
export const addComment = defineCommand({
  name: 'addComment',
  input: z.strictObject({ ...inMatter, body, mentions }),
  run: async ({ tx, access, caller, newId, emit }, input) => {
    const { orgId, matterId } = input;
    await access.requireMatter(tx, input, caller.uid);
    const commentId = newId('comment');
    const headPath = commentPath(matterId, commentId);
    tx.create(headPath, {
      orgId,
      matterId,
      commentId,
      authorUid: caller.uid,
      body: input.body,
      mentions: input.mentions ?? [],
      createdAt: SERVER_TIME,
      updatedAt: SERVER_TIME,
    });
    await emit({
      orgId,
      matterId,
      eventType: 'comment.added',
      entityType: 'comment',
      entityId: commentId,
      payload: {
        body: input.body,
        matterId,
        ...mentioning(input.mentions),
      },
      stream: {
        expectedVersion: 0,
        headPath,
      },
    });
    return { commentId, version: 1 };
  },
});

/** Its author says it differently. */
export const updateComment = defineCommand({
  name: 'updateComment',
  input: z.strictObject({ ...inMatter, commentId: entityId, body, mentions, expectedVersion }),
  run: async ({ tx, access, caller, emit }, input) => {
    const { orgId, matterId, commentId } = input;
    const member = await access.requireMatter(tx, input, caller.uid);
    const headPath = commentPath(matterId, commentId);
    const comment = requireComment((await tx.get(headPath)).data, orgId);
    requireAuthor(comment, member);
    tx.update(headPath, {
      body: input.body,
      ...mentioning(input.mentions),
      updatedAt: SERVER_TIME,
    });
    await emit({
      orgId,
      matterId,
      eventType: 'comment.updated',
      entityType: 'comment',
      entityId: commentId,
      payload: {
        body: input.body,
        matterId,
        ...mentioning(input.mentions),
      },
      stream: {
        expectedVersion: input.expectedVersion ?? comment.version,
        headPath,
      },
    });
    return { commentId, version: comment.version + 1 };
  },
});

/** Its author, or an admin, takes it back: the text goes, that there was one stays. */
export const deleteComment = defineCommand({
  name: 'deleteComment',
  input: z.strictObject({ ...inMatter, commentId: entityId, expectedVersion }),
  run: async ({ tx, access, caller, emit }, input) => {
    const { orgId, matterId, commentId } = input;
    const member = await access.requireMatter(tx, input, caller.uid);
    const headPath = commentPath(matterId, commentId);
    const comment = requireComment((await tx.get(headPath)).data, orgId);
    requireAuthorOrAdmin(comment, member);
    tx.update(headPath, {
      body: DELETE_FIELD,
      mentions: DELETE_FIELD,
      deletedAt: SERVER_TIME,
      updatedAt: SERVER_TIME,
    });
    await emit({
      orgId,
      matterId,
      eventType: 'comment.deleted',
      entityType: 'comment',
      entityId: commentId,
      payload: { matterId },
      stream: {
        expectedVersion: input.expectedVersion ?? comment.version,
        headPath,
      },
    });
    return { commentId, version: comment.version + 1 };
  },
});

function mentioning(uids: string[] | undefined): { mentions?: string[] } {
  return uids === undefined ? {} : { mentions: uids };
}
