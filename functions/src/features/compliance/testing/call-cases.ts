import type {
  CommandCase,
  ExpectedOutcome,
  Refusal,
} from '../../../composition/testing/command-case.ts';
import { NEW_ID, TIME } from '../../../composition/testing/expected.ts';
import { inAnotherOrganization, refusedTo } from '../../../composition/testing/refusals.ts';
import { PHONES } from '../../../composition/testing/world-calls.ts';
import type { World } from '../../../composition/testing/world.ts';
import { phoneHash } from './phone-hash.ts';
import { badNumbers, badWords, happened, notMembers, ofPhone } from './cases-of-phones.ts';

const createCall: CommandCase = {
  by: 'eve',
  input: (world) => ({
    ...ofPhone(world),
    fromPhoneNumber: PHONES.ours,
    consentType: 'marketing',
  }),
  otherwise: { consentType: 'service' },
  outcome: (world, { callId }) => {
    const { orgId } = world;
    const toNumberHash = phoneHash(orgId, PHONES.created);
    const call = {
      callId: String(callId),
      fromNumberHash: phoneHash(orgId, PHONES.ours),
      toNumberHash,
    };
    const { documents, ...events } = happened(world, {
      number: PHONES.created,
      version: 3,
      eventType: 'call.created',
      payload: { ...call, direction: 'outbound' },
      parents: [`call:${call.callId}`],
    });
    const by = { createdBy: 'eve', createdAt: TIME, updatedAt: TIME };
    const document = { orgId, ...call, consentType: 'marketing', status: 'created', ...by };
    return {
      ...events,
      documents: { ...documents, [`calls/${call.callId}`]: document },
      result: { isAllowed: true, rulesViolated: [], callId: NEW_ID, version: 3 },
    };
  },
  refusals: [
    ...notMembers,
    ...badNumbers('phoneNumber'),
    ...badNumbers('fromPhoneNumber'),
    ...badWords('consentType'),
  ],
};

/** A call of the world that moves on to its next status. */
function moved(
  world: World,
  { callId, number, version }: { callId: string; number: string; version: number },
  { status, payload }: { status: 'attempted' | 'started'; payload: object },
): ExpectedOutcome {
  const { orgId } = world;
  const fromNumberHash = phoneHash(orgId, PHONES.ours);
  const call = { callId, fromNumberHash, toNumberHash: phoneHash(orgId, number) };
  const { documents, ...events } = happened(world, {
    number,
    version,
    eventType: `call.${status}`,
    payload: { ...call, ...payload },
    parents: [`call:${callId}`],
  });
  const by = { createdBy: 'eve', createdAt: TIME, updatedAt: TIME };
  const document = { orgId, ...call, consentType: 'marketing', status, ...by };
  return {
    ...events,
    documents: { ...documents, [`calls/${callId}`]: document },
    result: { isAllowed: true, rulesViolated: [], callId, version },
  };
}

const ofNoCall: Refusal[] = [
  ...['finn', 'zoe', 'joe'].map(refusedTo),
  inAnotherOrganization,
  { why: 'of no call', code: 'not-found', said: () => ({ callId: 'none' }) },
  {
    why: 'under another organization of one’s own',
    by: 'zoe',
    code: 'not-found',
    said: ({ otherOrgId: orgId }) => ({ orgId }),
  },
];

const attemptCall: CommandCase = {
  by: 'eve',
  input: ({ orgId, calls }) => ({ orgId, callId: calls.createdCallId }),
  otherwise: { callId: 'another' },
  outcome: (world) => {
    const call = { callId: world.calls.createdCallId, number: PHONES.created, version: 3 };
    const complianceChecks = [
      { type: 'consent', passed: true, durationMs: 0 },
      { type: 'dnc', passed: true, reason: 'never_checked', durationMs: 0 },
    ];
    const payload = { direction: 'outbound', complianceChecks };
    return moved(world, call, { status: 'attempted', payload });
  },
  refusals: ofNoCall,
};

const startCall: CommandCase = {
  by: 'eve',
  input: ({ orgId, calls }) => ({ orgId, callId: calls.attemptedCallId }),
  otherwise: { callId: 'another' },
  outcome: (world) => {
    const call = { callId: world.calls.attemptedCallId, number: PHONES.attempted, version: 4 };
    return moved(world, call, { status: 'started', payload: { startedAt: TIME } });
  },
  refusals: [
    ...ofNoCall,
    {
      why: 'of a call that was not attempted',
      code: 'failed-precondition',
      said: ({ calls }) => ({ callId: calls.createdCallId }),
    },
  ],
};

export const callCases = { createCall, attemptCall, startCall };
