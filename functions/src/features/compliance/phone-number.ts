import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { CodedError } from '#kernel';

declare const ofPhone: unique symbol;
/** What a command is given in place of a phone number. The same in every organization: it is never stored. */
export type PhoneToken = string & { readonly [ofPhone]: true };

/** Far more than anybody writes, with blanks, dots and brackets. */
const MAX_LENGTH = 50;
/** As random bytes in hex or base64 are. */
const KEY = /^\S{32,}$/;

/** The key of `PHONE_HASH_KEY`; throws `invalid-setting`, which says nothing of what is there. */
export function parsePhoneHashKey(text: string): string {
  const key = text.trim();
  if (KEY.test(key)) return key;
  throw new CodedError('invalid-setting', 'A secret of this deployment is wrong', [
    { path: 'PHONE_HASH_KEY', message: 'expected at least 32 characters without blanks' },
  ]);
}

/** A field of a command's input: a phone number in international form. */
export type PhoneNumberInput = z.ZodType<PhoneToken, string>;

/**
 * Reads a phone number in international form, and makes of its E.164 form an HMAC-SHA-256 with the
 * deployment's key. The number itself gets no further than here: neither commands nor their records know it.
 */
export function phoneNumberInput(readKey: () => string): PhoneNumberInput {
  return z
    .string()
    .max(MAX_LENGTH)
    .transform(async (text, context): Promise<PhoneToken> => {
      const number = await toE164(text);
      if (number !== undefined) return keyedHash(readKey(), number) as PhoneToken;
      context.addIssue('expected a phone number in international form, such as +49 30 901820');
      return z.NEVER;
    });
}

/** A phone number as events of an organization have it; of no use to join it with another one's. */
export function phoneHashIn(orgId: string, token: PhoneToken): string {
  return keyedHash(token, orgId);
}

/** Undefined for anything that cannot be dialled from everywhere as it is, an extension among it. */
async function toE164(text: string): Promise<string | undefined> {
  // With the tables of every country's numbers: only what is about phones waits for them.
  const { parsePhoneNumberFromString } = await import('libphonenumber-js/min');
  const number = parsePhoneNumberFromString(text, { extract: false });
  return number?.isPossible() === true && number.ext === undefined ? number.number : undefined;
}

function keyedHash(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}
