import { z } from 'zod';

// What commands of many features take. Unlike `fields`, which are published with the events as JSON Schema,
// these may be checked by code.

/** ISO 4217 codes, as the runtime's own tables know them. */
const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));
/** Ten digits: beyond any invoice, and far within whole numbers that JavaScript counts exactly. */
export const MAX_AMOUNT_MINOR = 9_999_999_999;

/** An amount in the currency's smallest unit (cents): a whole number from 1, never a fraction. */
export const amountMinor = z.int().positive().max(MAX_AMOUNT_MINOR);

/** A time in UTC, as clients can say one; from 2000 on, because Firestore has none before the year 1. */
export const time = z.iso
  .datetime()
  .refine((at) => at >= '2000', 'expected a time from the year 2000 on');

/** A currency by its ISO 4217 code, upper case. */
export const currency = z
  .string()
  .refine((code) => CURRENCIES.has(code), 'expected an ISO 4217 code such as EUR');
