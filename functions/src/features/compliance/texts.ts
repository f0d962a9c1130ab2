import { z } from 'zod';

/** Dates have eight digits; a number that can be dialled from everywhere has more, or is cut short. */
const MANY_DIGITS = /\p{Nd}(?:[^\p{L}\p{Nd}]{0,3}\p{Nd}){8}/u;

function withoutNumber(text: string): boolean {
  return !MANY_DIGITS.test(text);
}

const WHY = 'expected no phone number: this is kept for ever, in words';

/** A short text about a phone, which must not say the number that is hashed everywhere else. */
export const remark = z.string().trim().min(1).max(500).refine(withoutNumber, WHY);

/** A word that programs go by, such as a kind of consent or a list. */
export const word = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,99}$/)
  .refine(withoutNumber, WHY);
