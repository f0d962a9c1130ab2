import { z } from 'zod';

// What payloads of many types have in common. Published with each schema, so that it says all it can in
// JSON Schema; what only code can check (is there such a currency?) is the commands' to check.

/** The id of one of our entities, or of a user. */
export const id = z.string().regex(/^[A-Za-z0-9_-]{1,128}$/);

/** The id of something in somebody else's system. */
export const foreignId = z.string().min(1).max(200);

/** A short text of one line: a name, a title, a reason. */
export const label = z.string().min(1).max(500);

/** A word that programs go by: a failure's code, a channel, a kind of something. */
export const code = z.string().min(1).max(100);

/** An amount in the currency's smallest unit (cents): a whole number, never a fraction. */
export const amountMinor = z.int().positive();

/** A currency by its ISO 4217 code. */
export const currency = z.string().regex(/^[A-Z]{3}$/);

/** How many there are of something. */
export const count = z.int().nonnegative();

/** How long something took, in whole milliseconds. */
export const durationMs = z.int().nonnegative();

/** A phone number as a keyed hash (HMAC-SHA-256, in hex): the number itself is in no event. */
export const phoneNumberHash = z.string().regex(/^[0-9a-f]{64}$/);
