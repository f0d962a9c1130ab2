import type { CommandCase, Refusal } from '../../../composition/testing/command-case.ts';
import { headAt, NEW_ID, TIME } from '../../../composition/testing/expected.ts';
import { malformed, refusedTo, refusedToStrangers } from '../../../composition/testing/refusals.ts';

const badWords: Refusal[] = [
  malformed('an empty text', { body: ' \n ' }, ['body']),
  malformed('a text of 10,001 characters', { body: 'x'.repeat(10_001) }, ['body']),
  malformed('a text of a megabyte', { body: 'x'.repeat(1_000_000) }, ['body']),
  malformed('a text with half a character', { body: 'x\uD83D' }, ['body']),
  malformed('a mention that is no id', { mentions: ['ben', ''] }, ['mentions.1']),
  malformed('51 mentions', { mentions: Array.from({ length: 51 }, (_, n) => `u${n}`) }, [
    'mentions',
  ]),
];
const badVersions: Refusal[] = [
  malformed('version 0', { expectedVersion: 0 }, ['expectedVersion']),
  malformed('half a version', { expectedVersion: 1.5 }, ['expectedVersion']),
];
const wrongVersions: Refusal[] = [
  { why: 'at a version to come', code: 'stream-conflict', said: () => ({ expectedVersion: 2 }) },
];
const inNoMatter: Refusal = {
  why: 'in no matter',
  code: 'permission-denied',
  said: () => ({ matterId: 'none' }),
};
const ofNoComment: Refusal = {
  why: 'of no comment',
  code: 'not-found',
  said: () => ({ commentId: 'none' }),
};

const addComment: CommandCase = {
  by: 'ben',
  input: ({ orgId, matterId }) => ({ orgId, matterId, body: ' Hi, Cleo ', mentions: ['cleo'] }),
  otherwise: { mentions: undefined },
  outcome: ({ orgId, matterId }, { commentId }) => ({
    result: { commentId: NEW_ID, version: 1 },
    orgId,
    events: [
      {
        eventType: 'comment.added',
        entityType: 'comment',
        entityId: String(commentId),
        streamVersion: 1,
        matterId,
        payload: {
          body: 'Hi, Cleo',
          matterId,
          mentions: ['cleo'],
        },
      },
    ],
    documents: {
      [`matters/${matterId}/comments/${String(commentId)}`]: {
        orgId,
        matterId,
        commentId,
        authorUid: 'ben',
        body: 'Hi, Cleo',
        mentions: ['cleo'],
        createdAt: TIME,
        updatedAt: TIME,
        stream: headAt(1),
      },
    },
  }),
  refusals: [
    ...refusedToStrangers,
    inNoMatter,
    { ...inNoMatter, why: 'in no matter, by an admin', by: 'ada', code: 'not-found' },
    ...badWords,
  ],
};

const updateComment: CommandCase = {
  by: 'cleo',
  input: ({ orgId, matterId, commentId }) => ({
    orgId,
    matterId,
    commentId,
    body: 'Hello, Ben',
    mentions: ['ben'],
    expectedVersion: 1,
  }),
  otherwise: { expectedVersion: undefined },
  outcome: ({ orgId, matterId, commentId }) => ({
    result: { commentId, version: 2 },
    orgId,
    events: [
      {
        eventType: 'comment.updated',
        entityType: 'comment',
        entityId: commentId,
        matterId,
        streamVersion: 2,
        payload: {
          body: 'Hello, Ben',
          matterId,
          mentions: ['ben'],
        },
      },
    ],
    documents: {
      [`matters/${matterId}/comments/${commentId}`]: {
        orgId,
        matterId,
        commentId,
        authorUid: 'cleo',
        body: 'Hello, Ben',
        mentions: ['ben'],
        createdAt: TIME,
        updatedAt: TIME,
        stream: headAt(2),
      },
    },
  }),
  refusals: [
    ...refusedToStrangers,
    { why: 'by a member who is not its author', by: 'ben', code: 'permission-denied' },
    { why: 'by an admin who is not its author', by: 'ada', code: 'permission-denied' },
    inNoMatter,
    ofNoComment,
    ...wrongVersions,
    ...badVersions,
    ...badWords,
  ],
};

const deleteComment: CommandCase = {
  by: 'cleo',
  input: ({ orgId, matterId, commentId }) => ({ orgId, matterId, commentId, expectedVersion: 1 }),
  otherwise: { expectedVersion: undefined },
  outcome: ({ orgId, matterId, commentId }) => ({
    result: { commentId, version: 2 },
    orgId,
    events: [
      {
        eventType: 'comment.deleted',
        entityType: 'comment',
        entityId: commentId,
        matterId,
        streamVersion: 2,
        payload: { matterId },
      },
    ],
    documents: {
      [`matters/${matterId}/comments/${commentId}`]: {
        orgId,
        matterId,
        commentId,
        authorUid: 'cleo',
        stream: headAt(2),
        createdAt: TIME,
        updatedAt: TIME,
        deletedAt: TIME,
      },
    },
  }),
  refusals: [
    ...refusedToStrangers,
    refusedTo('ben'),
    inNoMatter,
    ofNoComment,
    ...wrongVersions,
    ...badVersions,
  ],
};

export const commentCases = { addComment, updateComment, deleteComment };
