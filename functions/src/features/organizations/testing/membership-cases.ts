import type {
  CommandCase,
  ExpectedEvent,
  Refusal,
} from '../../../composition/testing/command-case.ts';
import { TIME } from '../../../composition/testing/expected.ts';
import {
  inAnotherOrganization,
  malformed,
  refusedTo,
} from '../../../composition/testing/refusals.ts';

const ofBen = (eventType: string, payload: unknown): ExpectedEvent => ({
  eventType,
  entityType: 'user',
  entityId: 'ben',
  streamVersion: undefined,
  payload,
});
const ofNoMember = ['finn', 'zoe', 'joe'].map((uid): Refusal => ({
  why: `of ${uid}, who is no member`,
  code: 'not-found',
  said: () => ({ uid }),
}));
const notInTheirs: Refusal[] = [
  ...['cleo', 'eve', 'finn', 'zoe', 'joe'].map(refusedTo),
  inAnotherOrganization,
  { why: 'in none', code: 'permission-denied', said: () => ({ orgId: 'nowhere' }) },
  ...ofNoMember,
];

const changeMemberRole: CommandCase = {
  by: 'ada',
  input: ({ orgId }) => ({ orgId, uid: 'ben', role: 'admin' }),
  otherwise: { uid: 'cleo' },
  outcome: ({ orgId }) => ({
    result: { uid: 'ben', role: 'admin' },
    orgId,
    events: [ofBen('user.role_changed', { role: 'admin', previousRole: 'member' })],
    documents: {
      [`orgs/${orgId}/members/ben`]: {
        orgId,
        uid: 'ben',
        role: 'admin',
        displayName: 'ben',
        email: 'ben@example.test',
        createdAt: TIME,
      },
    },
  }),
  refusals: [
    ...notInTheirs,
    refusedTo('ben'),
    {
      why: 'to the role they have',
      code: 'failed-precondition',
      said: () => ({ role: 'member' }),
    },
    {
      why: 'of the last admin',
      code: 'failed-precondition',
      said: () => ({ uid: 'ada', role: 'member' }),
    },
    malformed('an unknown role', { role: 'owner' }, ['role']),
  ],
};

const removeMember: CommandCase = {
  by: 'ada',
  input: ({ orgId }) => ({ orgId, uid: 'ben' }),
  otherwise: { uid: 'cleo' },
  outcome: ({ orgId }) => ({
    result: { uid: 'ben' },
    orgId,
    events: [ofBen('user.left', { role: 'member' })],
    documents: {},
    deleted: [`orgs/${orgId}/members/ben`],
  }),
  refusals: [
    ...notInTheirs,
    { why: 'of the last admin', code: 'failed-precondition', said: () => ({ uid: 'ada' }) },
  ],
};

export const membershipCases = { changeMemberRole, removeMember };
