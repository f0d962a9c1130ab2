import { expect } from '@jest/globals';
import type { CommandCase } from '../../../composition/testing/command-case.ts';
import {
  inAnotherOrganization,
  malformed,
  notAdmins,
  refusedTo,
} from '../../../composition/testing/refusals.ts';
import { PHONES } from '../../../composition/testing/world-calls.ts';
import type { World } from '../../../composition/testing/world.ts';
import { phoneHash } from './phone-hash.ts';
import { badNumbers, inNone, notMembers, ofPhone } from './cases-of-phones.ts';

/** What a question leaves behind. */
const nothing = ({ orgId }: World) => ({ orgId, events: [], documents: {} });
const notAdmin = [...notAdmins.map(refusedTo), inAnotherOrganization, inNone];

const readPhoneStatus: CommandCase = {
  by: 'eve',
  input: ({ orgId }) => ({ orgId, phoneNumber: PHONES.unknown }),
  otherwise: {},
  outcome: (world) => ({
    ...nothing(world),
    result: {
      phoneNumberHash: phoneHash(world.orgId, PHONES.unknown),
      consents: [],
      dnc: null,
      lastCallAt: null,
      callsIn24h: 0,
      violations: 0,
      score: 100,
    },
  }),
  refusals: [...notMembers, ...badNumbers('phoneNumber')],
};

const readPhoneTrail: CommandCase = {
  by: 'ada',
  input: (world) => ({ ...ofPhone(world), fromVersion: 2, limit: 1 }),
  otherwise: {},
  outcome: (world) => {
    const { orgId, calls } = world;
    const toNumberHash = phoneHash(orgId, PHONES.created);
    const numbers = { fromNumberHash: phoneHash(orgId, PHONES.ours), toNumberHash };
    const entry = {
      version: 2,
      eventId: expect.stringMatching(/-000000002$/),
      eventType: 'call.created',
      recordedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      actorType: 'user',
      actorId: 'eve',
      correlationId: 'by-eve',
      payload: { ...numbers, callId: calls.createdCallId, direction: 'outbound' },
      contentHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      previousHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    };
    const result = { phoneNumberHash: toNumberHash, events: [entry], nextVersion: null };
    return { ...nothing(world), result };
  },
  refusals: [
    ...notAdmin,
    ...badNumbers('phoneNumber'),
    malformed('from version 0', { fromVersion: 0 }, ['fromVersion']),
    malformed('101 at a time', { limit: 101 }, ['limit']),
  ],
};

const readCallStatistics: CommandCase = {
  by: 'ada',
  input: ({ orgId }) => ({ orgId, day: '2030-01-31' }),
  otherwise: {},
  outcome: (world) => ({
    ...nothing(world),
    result: { day: '2030-01-31', created: 0, attempted: 0, started: 0, violations: 0 },
  }),
  refusals: [
    ...notAdmin,
    malformed('no day', { day: 'today' }, ['day']),
    malformed('a day that is not in the calendar', { day: '2030-02-30' }, ['day']),
  ],
};

export const questionCases = { readPhoneStatus, readPhoneTrail, readCallStatistics };
