import { z } from 'zod';
import { ENTITY_ID_RULE, TYPE_NAME_RULE } from '#kernel';

/** An orgId, uid, entityId or matterId, as `isEntityId` says, in a form that a JSON Schema can say too. */
export const id = z
  .string()
  .regex(/^(?!__.*__$)[A-Za-z0-9_-]{1,128}$/, `expected ${ENTITY_ID_RULE}`);

/** An event type or entity type, as `isTypeName` says. */
export const typeName = z
  .string()
  .max(100, `expected ${TYPE_NAME_RULE}`)
  .regex(/^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/, `expected ${TYPE_NAME_RULE}`);

/** An event type as callers may spell it: aliases have capitals. */
export const eventType = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_.]{0,99}$/, 'expected an event type');

/** A time, RFC 3339, read as a `Date`. */
export const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** A time as answers say it. */
export const timeText = z.iso.datetime();

/** A whole number in a query: decimal digits and nothing else. */
export function wholeNumber(least: number, most: number): z.ZodType<number> {
  return z.preprocess(readDigits, z.int().min(least).max(most));
}

function readDigits(said: unknown): unknown {
  return typeof said === 'string' && /^\d{1,15}$/.test(said) ? Number(said) : said;
}

/** How many a page has. */
export const limit = wholeNumber(1, 200).default(50);

/** `nextCursor` of the page before. */
export const cursor = z.string().min(1).max(4_000);
