import type { CommandCase } from '../../../composition/testing/command-case.ts';
import { headAt, NEW_ID, TIME } from '../../../composition/testing/expected.ts';
import {
  inAnotherOrganization,
  malformed,
  refusedTo,
  refusedToStrangers,
} from '../../../composition/testing/refusals.ts';

const createMatter: CommandCase = {
  by: 'eve',
  input: ({ orgId }) => ({ orgId, title: ' Doe v. Roe ', memberUids: ['cleo', 'eve', 'cleo'] }),
  otherwise: { memberUids: ['cleo'] },
  outcome: ({ orgId }, { matterId }) => ({
    result: { matterId: NEW_ID, version: 1 },
    orgId,
    events: [
      {
        eventType: 'matter.created',
        entityType: 'matter',
        entityId: String(matterId),
        streamVersion: 1,
        matterId: String(matterId),
        payload: {
          title: 'Doe v. Roe',
          memberUids: ['eve', 'cleo'],
        },
      },
    ],
    documents: {
      [`matters/${String(matterId)}`]: {
        orgId,
        matterId,
        title: 'Doe v. Roe',
        memberUids: ['eve', 'cleo'],
        createdBy: 'eve',
        createdAt: TIME,
        updatedAt: TIME,
        stream: headAt(1),
      },
    },
  }),
  refusals: [
    ...['finn', 'zoe', 'joe'].map(refusedTo),
    inAnotherOrganization,
    {
      why: 'with somebody who left',
      code: 'failed-precondition',
      said: () => ({ memberUids: ['finn'] }),
    },
    {
      why: 'with a member of another organization',
      code: 'failed-precondition',
      said: () => ({ memberUids: ['cleo', 'zoe'] }),
    },
    malformed('an empty title', { title: '\n' }, ['title']),
    malformed('a title of 501 characters', { title: 'x'.repeat(501) }, ['title']),
    malformed('a title with half a character', { title: '\uDC00' }, ['title']),
    malformed('a member that is no id', { memberUids: ['cleo', 'a b'] }, ['memberUids.1']),
    malformed('101 members', { memberUids: Array.from({ length: 100 }, (_, n) => `u${n}`) }, [
      'memberUids',
    ]),
  ],
};

const addMatterMember: CommandCase = {
  by: 'cleo',
  input: ({ orgId, matterId }) => ({ orgId, matterId, uid: 'eve' }),
  otherwise: { uid: 'ada' },
  outcome: ({ orgId, matterId }) => {
    const memberUids = ['ben', 'cleo', 'finn', 'eve'];
    return {
      result: { matterId, version: 2 },
      orgId,
      events: [
        {
          eventType: 'matter.updated',
          entityType: 'matter',
          entityId: matterId,
          matterId,
          streamVersion: 2,
          payload: { addedMemberUid: 'eve' },
        },
      ],
      documents: {
        [`matters/${matterId}`]: {
          orgId,
          matterId,
          title: 'Smith v. Jones',
          memberUids,
          createdBy: 'ben',
          createdAt: TIME,
          updatedAt: TIME,
          stream: headAt(2),
        },
      },
    };
  },
  refusals: [
    ...refusedToStrangers,
    {
      why: 'to no matter, by a member',
      code: 'permission-denied',
      said: () => ({ matterId: 'none' }),
    },
    {
      why: 'to no matter, by an admin',
      by: 'ada',
      code: 'not-found',
      said: () => ({ matterId: 'none' }),
    },
    { why: 'twice', code: 'already-exists', said: () => ({ uid: 'ben' }) },
    { why: 'of a stranger', code: 'failed-precondition', said: () => ({ uid: 'joe' }) },
    { why: 'of somebody who left', code: 'failed-precondition', said: () => ({ uid: 'finn' }) },
    malformed('no ids', { matterId: '', uid: '__x__' }, ['matterId', 'uid']),
  ],
};

const updateMatter: CommandCase = {
  by: 'cleo',
  input: ({ orgId, matterId }) => ({
    orgId,
    matterId,
    title: ' Smith v. Jones and others ',
    expectedVersion: 1,
  }),
  otherwise: { title: 'Smith' },
  outcome: ({ orgId, matterId }) => ({
    result: { matterId, version: 2 },
    orgId,
    events: [
      {
        eventType: 'matter.updated',
        entityType: 'matter',
        entityId: matterId,
        matterId,
        streamVersion: 2,
        payload: { title: 'Smith v. Jones and others' },
      },
    ],
    documents: {
      [`matters/${matterId}`]: {
        orgId,
        matterId,
        title: 'Smith v. Jones and others',
        memberUids: ['ben', 'cleo', 'finn'],
        createdBy: 'ben',
        createdAt: TIME,
        updatedAt: TIME,
        stream: headAt(2),
      },
    },
  }),
  refusals: [
    ...refusedToStrangers,
    { why: 'of no matter', code: 'permission-denied', said: () => ({ matterId: 'none' }) },
    {
      why: 'of no matter, by an admin',
      by: 'ada',
      code: 'not-found',
      said: () => ({ matterId: 'none' }),
    },
    { why: 'at a version to come', code: 'stream-conflict', said: () => ({ expectedVersion: 2 }) },
    malformed('an empty title', { title: ' ' }, ['title']),
    malformed('a title of 501 characters', { title: 'x'.repeat(501) }, ['title']),
    malformed('version 0', { expectedVersion: 0 }, ['expectedVersion']),
  ],
};

export const matterCases = { createMatter, addMatterMember, updateMatter };
