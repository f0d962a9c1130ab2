import type { CommandCase } from '../../../composition/testing/command-case.ts';
import { TIME } from '../../../composition/testing/expected.ts';
import { malformed } from '../../../composition/testing/refusals.ts';
import { PHONES } from '../../../composition/testing/world-calls.ts';
import { phoneHash } from './phone-hash.ts';
import {
  badNumbers,
  badRemarks,
  badWords,
  happened,
  notMembers,
  ofPhone,
} from './cases-of-phones.ts';

const grantConsent: CommandCase = {
  by: 'eve',
  input: (world) => ({
    ...ofPhone(world),
    consentType: 'marketing',
    channel: 'sms',
    expiresAt: '2999-01-01T00:00:00Z',
    ipAddress: '192.0.2.1',
    source: ' web form ',
  }),
  otherwise: { expiresAt: undefined },
  outcome: (world) => {
    const phoneNumberHash = phoneHash(world.orgId, PHONES.created);
    const said = { consentType: 'marketing', channel: 'sms', ipAddress: '192.0.2.1' };
    const payload = { ...said, source: 'web form', expiresAt: TIME, phoneNumberHash };
    const eventType = 'consent.granted';
    return {
      ...happened(world, { number: PHONES.created, version: 3, eventType, payload }),
      result: { phoneNumberHash, version: 3 },
    };
  },
  refusals: [
    ...notMembers,
    ...badNumbers('phoneNumber'),
    ...badWords('consentType'),
    ...badWords('channel'),
    ...badRemarks('source'),
    malformed('no time', { expiresAt: 'soon' }, ['expiresAt']),
    malformed('no address', { ipAddress: 'here' }, ['ipAddress']),
    {
      why: 'for a time that is over',
      code: 'failed-precondition',
      said: () => ({ expiresAt: '2020-01-01T00:00:00Z' }),
    },
  ],
};

const revokeConsent: CommandCase = {
  by: 'eve',
  input: (world) => ({ ...ofPhone(world), consentType: 'marketing', reason: 'asked for it' }),
  otherwise: { reason: 'asked again' },
  outcome: (world) => {
    const phoneNumberHash = phoneHash(world.orgId, PHONES.created);
    const said = { consentType: 'marketing', reason: 'asked for it', revokedBy: 'eve' };
    const payload = { ...said, phoneNumberHash };
    const eventType = 'consent.revoked';
    return {
      ...happened(world, { number: PHONES.created, version: 3, eventType, payload }),
      result: { phoneNumberHash, version: 3 },
    };
  },
  refusals: [
    ...notMembers,
    ...badNumbers('phoneNumber'),
    ...badWords('consentType'),
    ...badRemarks('reason'),
    {
      why: 'of another kind',
      code: 'failed-precondition',
      said: () => ({ consentType: 'service' }),
    },
  ],
};

const recordDncCheck: CommandCase = {
  by: 'eve',
  input: (world) => ({
    ...ofPhone(world),
    isOnDnc: true,
    lists: ['federal'],
    checkLatencyMs: 42,
    cacheHit: false,
  }),
  otherwise: { isOnDnc: false },
  outcome: (world) => {
    const phoneNumberHash = phoneHash(world.orgId, PHONES.created);
    const said = { isOnDnc: true, lists: ['federal'], checkLatencyMs: 42, cacheHit: false };
    const payload = { ...said, phoneNumberHash };
    const eventType = 'dnc.check_performed';
    return {
      ...happened(world, { number: PHONES.created, version: 3, eventType, payload }),
      result: { phoneNumberHash, version: 3 },
    };
  },
  refusals: [
    ...notMembers,
    ...badNumbers('phoneNumber'),
    malformed('in no list', { lists: [] }, ['lists']),
    malformed('in a list with a number', { lists: ['n4930901820'] }, ['lists.0']),
    malformed('in a negative time', { checkLatencyMs: -1 }, ['checkLatencyMs']),
    malformed('as a text', { isOnDnc: 'no' }, ['isOnDnc']),
  ],
};

export const consentCases = { grantConsent, revokeConsent, recordDncCheck };
