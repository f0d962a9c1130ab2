import { inputs } from '#events';
import { ownValue } from '#kernel';

/** Where ISO 4217 and Stripe agree on another number of decimals than two. */
const DECIMALS: Readonly<Record<string, number>> = {
  ...decimals(0, 'BIF CLP DJF GNF JPY KMF KRW PYG RWF VND VUV XAF XOF XPF'),
  ...decimals(3, 'BHD JOD KWD OMR TND'),
};

/**
 * Where they do not: what is 500 by ISO 4217 would be charged, or shown, as a hundredth or a hundred times of it.
 * From CLF on, Stripe takes none.
 */
const DISPUTED: ReadonlySet<string> = new Set('ISK MGA UGX CLF IQD LYD UYI UYW'.split(' '));

/** A currency that an order may be in: ISO 4217, upper case, and Stripe counts its smallest unit alike. */
export const orderCurrency = inputs.currency.refine(
  (code) => !DISPUTED.has(code),
  'expected a currency whose smallest unit is the same to ISO 4217 and to Stripe',
);

/**
 * How many decimals an amount in minor units has. The runtime's own tables (CLDR) say how many people write,
 * which is none for HUF.
 */
export function decimalsOf(currency: string): number {
  return ownValue(DECIMALS, currency) ?? 2;
}

function decimals(count: number, codes: string): Record<string, number> {
  return Object.fromEntries(codes.split(' ').map((code) => [code, count]));
}
