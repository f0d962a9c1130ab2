import { expect, test } from '@jest/globals';
import { checkoutMessage } from './checkout-message.ts';

const lines = [
  { title: 'Ink', quantity: 4, unitAmountMinor: 1 },
  { title: 'Paper', quantity: 1, unitAmountMinor: 1 },
];

test.each([
  ['EUR', 12_500, 'EUR 125.00'],
  ['JPY', 12_500, 'JPY 12,500'],
  ['KWD', 12_500, 'KWD 12.500'],
  ['USD', 1, 'USD 0.01'],
  ['HUF', 1_250_000, 'HUF 12,500.00'],
  ['CLP', 12_500, 'CLP 12,500'],
  ['EUR', 9_999_999_999, 'EUR 99,999,999.99'],
])('in %s, %d of the smallest unit are %s', (currency, amountMinor, said) => {
  const checkoutUrl = 'https://checkout.example.test/a';
  const message = checkoutMessage({ amountMinor, currency, checkoutUrl, lines });
  expect(message).toEqual({
    subject: 'Your order',
    text: `To pay: ${said}\n4 × Ink\n1 × Paper\nhttps://checkout.example.test/a`,
  });
});
