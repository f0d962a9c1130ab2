import { expect, test } from '@jest/globals';
import { decimalsOf, orderCurrency } from './currencies.ts';

/** Intl says how many decimals people write; ISO 4217 counts the smallest unit of these in hundredths. */
const WRITTEN_SHORT = 'AFN ALL COP HUF IDR IRR KPW LAK LBP MMK PKR RSD SOS SYP TWD TZS YER'.split(
  ' ',
);

const writtenDecimals = (currency: string): number | undefined =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
    .maximumFractionDigits;

test.each(WRITTEN_SHORT)('%s has hundredths, whether or not people write them', (currency) => {
  expect([decimalsOf(currency), orderCurrency.safeParse(currency).success]).toEqual([2, true]);
});

test.each(['EUR', 'USD', 'JPY', 'KRW', 'VND', 'XOF', 'CLP', 'KWD', 'TND', 'BHD'])(
  '%s has the decimals that people write',
  (currency) => {
    expect(decimalsOf(currency)).toBe(writtenDecimals(currency));
  },
);

test.each(['ISK', 'UGX', 'MGA', 'IQD', 'LYD', 'CLF', 'UYI', 'UYW', 'XQZ', 'eur'])(
  'no order is in %s',
  (currency) => {
    expect(orderCurrency.safeParse(currency).success).toBe(false);
  },
);
