import { z } from 'zod';
import type { Command, CommandContext } from '#events';
import { commandsFor, entityId, fields, inputs } from '#events';
import type { ComplianceEvent } from './events.ts';
import type { PhoneCommand } from './phone.ts';
import { phone } from './phone.ts';
import type { PhoneNumberInput, PhoneToken } from './phone-number.ts';
import { phoneHashIn } from './phone-number.ts';
import { remark, word } from './texts.ts';

const defineCommand = commandsFor<ComplianceEvent>();

/** What a phone is called in the organization, and how many events it has had. */
type PhoneAnswer = { readonly phoneNumberHash: string; readonly version: number };
type ConsentCommand = 'grantConsent' | 'revokeConsent' | 'recordDncCheck';

/** What members note of a phone: what its owner agreed to, and whether it is in a do-not-call list. */
export function consentCommands(
  phoneNumber: PhoneNumberInput,
): Readonly<Record<ConsentCommand, Command<ComplianceEvent, z.ZodObject, PhoneAnswer>>> {
  const ofPhone = { orgId: entityId, phoneNumber };

  /** The phone's owner agreed to be contacted, for good or to a time. */
  const grantConsent = defineCommand({
    name: 'grantConsent',
    input: z.strictObject({
      ...ofPhone,
      consentType: word,
      channel: word,
      expiresAt: inputs.time.optional(),
      ipAddress: z.union([z.ipv4(), z.ipv6()]).optional(),
      source: remark,
    }),
    run: (context, { expiresAt, ...input }) =>
      note(context, input, ({ nowMs, ...payload }) => {
        const end = expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt) };
        return { kind: 'grant', nowMs, payload: { ...payload, ...end } };
      }),
  });

  /** The phone's owner no longer agrees to something, in whatever channel. */
  const revokeConsent = defineCommand({
    name: 'revokeConsent',
    input: z.strictObject({ ...ofPhone, consentType: word, reason: remark }),
    run: (context, input) =>
      note(context, input, ({ nowMs, ...payload }) => {
        const revokedBy = context.caller.uid;
        return { kind: 'revoke', nowMs, payload: { ...payload, revokedBy } };
      }),
  });

  /** The phone was looked up in do-not-call lists: what came of it holds until the next look. */
  const recordDncCheck = defineCommand({
    name: 'recordDncCheck',
    input: z.strictObject({
      ...ofPhone,
      isOnDnc: z.boolean(),
      lists: z.array(word).min(1).max(100),
      checkLatencyMs: fields.durationMs,
      cacheHit: z.boolean(),
    }),
    run: (context, input) =>
      note(context, input, ({ nowMs, ...payload }) => ({ kind: 'check', nowMs, payload })),
  });

  return { grantConsent, revokeConsent, recordDncCheck };
}

interface OfPhone {
  readonly orgId: string;
  readonly phoneNumber: PhoneToken;
}

/** Appends what a member says of a phone to its stream. */
async function note<Input extends OfPhone>(
  { tx, access, caller, nowMs, execute }: CommandContext<ComplianceEvent>,
  { orgId, phoneNumber, ...said }: Input,
  plan: (
    said: Omit<Input, keyof OfPhone> & { readonly phoneNumberHash: string; readonly nowMs: number },
  ) => PhoneCommand,
): Promise<PhoneAnswer> {
  await access.requireMember(tx, orgId, caller.uid);
  const phoneNumberHash = phoneHashIn(orgId, phoneNumber);
  const command = plan({ ...said, phoneNumberHash, nowMs });
  const { version } = await execute(phone, { orgId, entityId: phoneNumberHash }, command);
  return { phoneNumberHash, version };
}
