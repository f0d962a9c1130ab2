import * as commands from '../commands.ts';
import { call } from './backend.ts';

/** Calls of a world: by eve, to phones whose owners agreed to marketing by voice. */
export interface WorldCalls {
  readonly createdCallId: string;
  readonly attemptedCallId: string;
}

/** The phones of a world: each of the first two is called once, and of the third nothing is known. */
export const PHONES = {
  created: '+49 30 901820',
  attempted: '+44 20 7946 0958',
  unknown: '+1 202-555-0100',
  ours: '+49 30 901821',
} as const;

export async function addCalls(orgId: string): Promise<WorldCalls> {
  const [createdCallId, attemptedCallId] = await Promise.all([
    createCall(orgId, PHONES.created),
    createCall(orgId, PHONES.attempted),
  ]);
  await call(commands.attemptCall, 'eve', { orgId, callId: attemptedCallId });
  return { createdCallId, attemptedCallId };
}

async function createCall(orgId: string, phoneNumber: string): Promise<string> {
  const about = { orgId, phoneNumber, consentType: 'marketing' };
  await call(commands.grantConsent, 'eve', { ...about, channel: 'voice', source: 'web form' });
  const created = await call(commands.createCall, 'eve', {
    ...about,
    fromPhoneNumber: PHONES.ours,
  });
  return String(created['callId']);
}
