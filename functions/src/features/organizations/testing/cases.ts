import type { CommandCase, Refusal } from '../../../composition/testing/command-case.ts';
import { NEW_ID, TIME } from '../../../composition/testing/expected.ts';
import {
  inAnotherOrganization,
  malformed,
  refusedTo,
} from '../../../composition/testing/refusals.ts';

const badNames = (field: string): Refusal[] => [
  malformed(`an empty ${field}`, { [field]: ' ' }, [field]),
  malformed(`a ${field} of 201 characters`, { [field]: 'x'.repeat(201) }, [field]),
  malformed(`a ${field} with half a character`, { [field]: 'x\uD800' }, [field]),
];
const badEmails: Refusal[] = [
  malformed('no e-mail address', { email: 'dan' }, ['email']),
  malformed('an e-mail address too long', { email: `${'x'.repeat(320)}@example.test` }, ['email']),
];
const createOrganization: CommandCase = {
  by: 'joe',
  input: () => ({ name: ' Jones ', email: 'joe@example.test', displayName: 'Joe' }),
  otherwise: { name: 'Jonas' },
  outcome: (_, { orgId }) => ({
    result: { orgId: NEW_ID },
    orgId: String(orgId),
    events: [
      {
        eventType: 'user.joined',
        entityType: 'user',
        entityId: 'joe',
        streamVersion: undefined,
        payload: {
          displayName: 'Joe',
          role: 'admin',
        },
      },
    ],
    documents: {
      [`orgs/${String(orgId)}`]: { orgId, name: 'Jones', createdBy: 'joe', createdAt: TIME },
      [`orgs/${String(orgId)}/members/joe`]: {
        orgId,
        uid: 'joe',
        role: 'admin',
        displayName: 'Joe',
        email: 'joe@example.test',
        createdAt: TIME,
      },
    },
  }),
  refusals: [
    ...badNames('name'),
    ...badNames('displayName'),
    ...badEmails,
    malformed('everything at once', { name: 7, email: '', extra: 1 }, ['name', 'email', 'extra']),
  ],
};

const addMember: CommandCase = {
  by: 'ada',
  input: ({ orgId }) => ({
    orgId,
    uid: 'dan',
    email: 'dan@example.test',
    displayName: 'Dan',
    role: 'member',
  }),
  otherwise: { role: 'admin' },
  outcome: ({ orgId }) => ({
    result: { uid: 'dan' },
    orgId,
    events: [
      {
        eventType: 'user.joined',
        entityType: 'user',
        entityId: 'dan',
        streamVersion: undefined,
        payload: {
          displayName: 'Dan',
          role: 'member',
        },
      },
    ],
    documents: {
      [`orgs/${orgId}/members/dan`]: {
        orgId,
        uid: 'dan',
        role: 'member',
        displayName: 'Dan',
        email: 'dan@example.test',
        createdAt: TIME,
      },
    },
  }),
  refusals: [
    ...['ben', 'finn', 'zoe', 'joe'].map(refusedTo),
    inAnotherOrganization,
    { why: 'into none', code: 'permission-denied', said: () => ({ orgId: 'nowhere' }) },
    { why: 'of a member', code: 'already-exists', said: () => ({ uid: 'ben' }) },
    { why: 'of oneself', code: 'already-exists', said: () => ({ uid: 'ada' }) },
    ...badNames('displayName'),
    ...badEmails,
    malformed('an unknown role', { role: 'owner' }, ['role']),
    malformed('ids that are paths', { orgId: 'a/b', uid: '../ada' }, ['orgId', 'uid']),
  ],
};

export const organizationCases = { createOrganization, addMember };
