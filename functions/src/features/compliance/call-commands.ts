import { z } from 'zod';
import type { Command, CommandContext } from '#events';
import { commandsFor, entityId } from '#events';
import { SERVER_TIME } from '#kernel';
import type { CallStep } from './call-event.ts';
import { callPath, requireCall, requireStep } from './call.ts';
import type { CallRule } from './decide-call.ts';
import { decideCall } from './decide-call.ts';
import type { ComplianceEvent } from './events.ts';
import { phone } from './phone.ts';
import type { PhoneNumberInput } from './phone-number.ts';
import { phoneHashIn } from './phone-number.ts';
import { word } from './texts.ts';

const defineCommand = commandsFor<ComplianceEvent>();

/** Whether the step was taken, and which rules it would have broken. */
type StepAnswer = {
  readonly isAllowed: boolean;
  readonly rulesViolated: readonly CallRule[];
  /** Of the phone's stream, with what was recorded. */
  readonly version: number;
};
/** `callId` is null where a call was refused before there was one. */
type CallAnswer = StepAnswer & { readonly callId: string | null };
type CallCommand = 'createCall' | 'attemptCall' | 'startCall';

/**
 * A call to a phone, step by step. A step that may not be taken is answered with `isAllowed: false` and is
 * recorded as a violation: what is thrown would leave no trace of it.
 */
export function callCommands(
  phoneNumber: PhoneNumberInput,
): Readonly<Record<CallCommand, Command<ComplianceEvent, z.ZodObject, CallAnswer>>> {
  /** A call is to be made; there is none of it where it may not be. */
  const createCall = defineCommand({
    name: 'createCall',
    input: z.strictObject({
      orgId: entityId,
      phoneNumber,
      fromPhoneNumber: phoneNumber,
      consentType: word,
    }),
    run: async (context, { orgId, consentType, ...numbers }) => {
      const { tx, access, caller, newId } = context;
      await access.requireMember(tx, orgId, caller.uid);
      const toNumberHash = phoneHashIn(orgId, numbers.phoneNumber);
      const fromNumberHash = phoneHashIn(orgId, numbers.fromPhoneNumber);
      const callId = newId('call');
      const call = { callId, consentType, fromNumberHash, toNumberHash };
      const taken = await take(context, orgId, { ...call, step: 'created' });
      if (taken.isAllowed) {
        const stamps = { createdBy: caller.uid, createdAt: SERVER_TIME, updatedAt: SERVER_TIME };
        tx.create(callPath(callId), { orgId, ...call, status: 'created', ...stamps });
      }
      return { ...taken, callId: taken.isAllowed ? callId : null };
    },
  });

  return { createCall, attemptCall, startCall };
}

const ofCall = z.strictObject({ orgId: entityId, callId: entityId });

/** The phone is about to be dialled. */
const attemptCall = defineCommand({
  name: 'attemptCall',
  input: ofCall,
  run: (context, input) => moveOn(context, input, 'attempted'),
});

/** Somebody answered. */
const startCall = defineCommand({
  name: 'startCall',
  input: ofCall,
  run: (context, input) => moveOn(context, input, 'started'),
});

/** Takes a step of a call that is there, if it still may be. */
async function moveOn(
  context: CommandContext<ComplianceEvent>,
  { orgId, callId }: z.output<typeof ofCall>,
  step: 'attempted' | 'started',
): Promise<CallAnswer> {
  const { tx, access, caller } = context;
  await access.requireMember(tx, orgId, caller.uid);
  const call = requireCall((await tx.get(callPath(callId))).data, orgId);
  requireStep(call, step);
  const taken = await take(context, orgId, { ...call, step });
  if (taken.isAllowed) tx.update(callPath(callId), { status: step, updatedAt: SERVER_TIME });
  return { ...taken, callId };
}

/** Appends what a step of a call comes to, and says which. */
async function take(
  { nowMs, execute }: CommandContext<ComplianceEvent>,
  orgId: string,
  call: CallStep,
): Promise<StepAnswer> {
  const which = { orgId, entityId: call.toNumberHash };
  const { state, version } = await execute(phone, which, { kind: 'call', nowMs, call });
  // No event of a call changes what it is decided by: this is the decision that was recorded.
  const decision = decideCall(state, { ...call, nowMs });
  const isAllowed = decision.kind === 'allowed';
  return { isAllowed, rulesViolated: decision.kind === 'refused' ? decision.rules : [], version };
}
